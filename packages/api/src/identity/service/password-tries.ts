import { createHash } from 'node:crypto';
import type { Context } from '../../platform/context.ts';
import { rateLimited } from '../../platform/problems.ts';
import { refusalSeconds } from '../model.ts';
import {
  claimPasswordTry,
  countPasswordFailure,
  findPasswordFailures,
  forgetPasswordFailures,
  type PasswordFailures,
  refusePasswordsUntil,
} from '../repository/password-failures.ts';

/**
 * Runs one try of a password for a subject (an address, or an account) and counts those that fail, whether or not the
 * subject exists. `check` fails by answering undefined.
 *
 * Below the limit a failure is counted after the fact, so that a hundred honest sign-ins at once are not refused. Above
 * it each try is counted beforehand: one for each time that is waited, however many are sent together.
 *
 * @throws `rate_limited` while the subject is refused
 */
export async function passwordTry<T>(
  ctx: Context,
  subject: string,
  check: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const subjectHash = hashOf(subject);
  const known = await findPasswordFailures(ctx.db, subjectHash, ctx.clock.now());
  const counted = known !== undefined && (await claim(ctx, subjectHash, known));
  const result = await check();
  if (result !== undefined) await forgetPasswordFailures(ctx.db, subjectHash);
  else if (!counted) await count(ctx, subjectHash);
  return result;
}

/** The wrong passwords of a subject are forgiven: it was shown otherwise whose it is. */
export const forgetTries = ({ db }: Context, subject: string): Promise<void> =>
  forgetPasswordFailures(db, hashOf(subject));

const hashOf = (subject: string) => createHash('sha256').update(subject).digest();

/** Whether this try is counted already; throws when it may not be made. */
async function claim(
  ctx: Context,
  subjectHash: Buffer,
  { failures, refusedUntil }: PasswordFailures,
): Promise<boolean> {
  const now = ctx.clock.now();
  if (refusedUntil && refusedUntil > now) throw refused(refusedUntil.getTime() - now.getTime());
  const seconds = refusalSeconds(failures + 1);
  if (refusalSeconds(failures) === 0) return false;
  const until = new Date(now.getTime() + seconds * 1_000);
  if (!(await claimPasswordTry(ctx.db, subjectHash, failures, now, until))) throw refused(seconds * 1_000);
  return true;
}

async function count(ctx: Context, subjectHash: Buffer): Promise<void> {
  const now = ctx.clock.now();
  const seconds = refusalSeconds(await countPasswordFailure(ctx.db, subjectHash, now));
  if (seconds > 0) await refusePasswordsUntil(ctx.db, subjectHash, new Date(now.getTime() + seconds * 1_000));
}

const refused = (milliseconds: number) =>
  rateLimited({
    detail: 'Too many wrong passwords in a row. Wait before trying again.',
    headers: { 'Retry-After': String(Math.ceil(milliseconds / 1_000)) },
  });
