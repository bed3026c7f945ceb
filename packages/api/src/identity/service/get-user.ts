import type { Context } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import type { Account } from '../model.ts';
import { userNotFound } from '../problems.ts';
import { findAccount } from '../repository/accounts.ts';

/** An active account, of which others see the public profile. */
export async function getUser(ctx: Context, userId: string): Promise<Account> {
  const id = uuidOf('usr', userId);
  const account = id === undefined ? undefined : await findAccount(ctx.db, id);
  if (account?.status !== 'active') throw userNotFound();
  return account;
}
