import { type Context, transaction } from '../../platform/context.ts';
import type { Account } from '../model.ts';
import { assertHashingIsFree, currentHead, hashPassword } from '../password-hash.ts';
import { accountSuspended, invalidLogin } from '../problems.ts';
import { findAccountByPassword, readPasswordHeads, updatePasswordHash } from '../repository/accounts.ts';
import { passwordTry } from './password-tries.ts';
import { type SignedIn, startSession } from './start-session.ts';

export interface Login {
  email: string;
  password: string;
}

/** Signs in. A wrong password and an unknown address fail alike, after the same work. */
export async function login(ctx: Context, { email, password }: Login): Promise<SignedIn> {
  assertHashingIsFree(ctx);
  const account = await passwordTry(ctx, `email:${email.toLowerCase()}`, () =>
    accountOf(ctx, email, password),
  );
  if (!account) throw invalidLogin({ headers: { 'WWW-Authenticate': 'Bearer' } });
  if (account.status === 'suspended') throw accountSuspended();
  return transaction(ctx, (tx) => startSession(ctx, tx, account));
}

/**
 * The account with this address and password. All accounts of an address share a salt, so one hash tells for all of
 * them, and an unknown address costs the same hash as a known one.
 */
async function accountOf(ctx: Context, email: string, password: string): Promise<Account | undefined> {
  const { saltKey, heads } = await readPasswordHeads(ctx.db, email);
  const today = currentHead(saltKey, email);
  const hashes = await Promise.all(
    (heads.length > 0 ? heads : [today]).map((head) => hashPassword(ctx, password, head)),
  );
  const account = await findAccountByPassword(ctx.db, email, hashes);
  if (account && !account.passwordHash.startsWith(today))
    await updatePasswordHash(ctx.db, account.id, await hashPassword(ctx, password, today));
  return account;
}
