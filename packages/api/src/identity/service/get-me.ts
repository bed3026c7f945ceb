import { actorOf, type Context } from '../../platform/context.ts';
import { invalidCredentials } from '../../platform/problems.ts';
import type { Account } from '../model.ts';
import { findAccount } from '../repository/accounts.ts';

/** The caller's own account. */
export async function getMe(ctx: Context): Promise<Account> {
  const account = await findAccount(ctx.db, actorOf(ctx).userId);
  // The credentials were good a moment ago; the account was closed since.
  if (!account) throw invalidCredentials();
  return account;
}
