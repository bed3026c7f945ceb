import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { forgetCredentials } from '../authenticate.ts';
import { hashOfEmailToken } from '../email-token.ts';
import { aboutUser, userEmailVerified, userPasswordChanged } from '../events.ts';
import { assertHashingIsFree, currentHead, hashPassword } from '../password-hash.ts';
import { assertStrongPassword } from '../password-rules.ts';
import { emailTokenInvalid } from '../problems.ts';
import {
  findAccount,
  markEmailVerified,
  readPasswordHeads,
  updatePasswordHash,
} from '../repository/accounts.ts';
import { claimEmailToken, endEmailTokens, findEmailTokenUser } from '../repository/email-tokens.ts';
import { asUser } from './as-user.ts';
import { endSessions } from './end-sessions.ts';
import { forgetTries } from './password-tries.ts';

export interface PasswordReset {
  token: string;
  password: string;
}

/** Gives an account a new password, by a token that was mailed to it. All its sessions end; a weak password costs no token. */
export async function resetPassword(ctx: Context, { token, password }: PasswordReset): Promise<void> {
  assertHashingIsFree(ctx);
  const hash = hashOfEmailToken(token);
  const now = ctx.clock.now();
  const userId = hash && (await findEmailTokenUser(ctx.db, hash, 'resetPassword', now));
  const account = userId && (await findAccount(ctx.db, userId));
  if (!hash || !account) throw emailTokenInvalid();
  assertStrongPassword(password, account);
  const { saltKey } = await readPasswordHeads(ctx.db, account.email);
  const passwordHash = await hashPassword(ctx, password, currentHead(saltKey, account.email));
  const sessionIds = await transaction(ctx, async (tx) => {
    // Others may have come with the same token while this one hashed.
    if ((await claimEmailToken(tx, hash, 'resetPassword', now)) === undefined) throw emailTokenInvalid();
    return change(asUser(ctx, account.id), tx, account.id, passwordHash);
  });
  await forgetTries(ctx, `email:${account.email.toLowerCase()}`);
  forgetCredentials(ctx, { sessionIds });
}

async function change(ctx: Context, tx: Tx, userId: string, passwordHash: string): Promise<string[]> {
  const now = ctx.clock.now();
  await updatePasswordHash(tx, userId, passwordHash);
  await endEmailTokens(tx, userId, now, { purpose: 'resetPassword' });
  // The token came by mail to the address: whoever has it reads that mail.
  if (await markEmailVerified(tx, userId, now))
    await emit(ctx, tx, userEmailVerified, { ...aboutUser(userId), data: {} });
  await emit(ctx, tx, userPasswordChanged, { ...aboutUser(userId), data: { how: 'reset' } });
  return endSessions(ctx, tx, userId, 'passwordChanged');
}
