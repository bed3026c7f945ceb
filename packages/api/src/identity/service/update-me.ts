import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { invalidCredentials } from '../../platform/problems.ts';
import { forgetCredentials } from '../authenticate.ts';
import type { Account } from '../model.ts';
import { currentHead, hashPassword } from '../password-hash.ts';
import { assertStrongPassword } from '../password-rules.ts';
import { readPasswordHeads, updateAccount, updatePasswordHash } from '../repository/accounts.ts';
import { endSessions } from '../repository/sessions.ts';
import { confirmPassword } from './confirm-password.ts';
import { getMe } from './get-me.ts';

export interface AccountChanges {
  displayName?: string | undefined;
  /** A new one; needs the current one. */
  password?: string | undefined;
  currentPassword?: string | undefined;
}

/** Changes the caller's account. A new password ends all other sessions. */
export async function updateMe(
  ctx: Context,
  { displayName, password, currentPassword = '' }: AccountChanges,
): Promise<Account> {
  const now = ctx.clock.now();
  const { id, email, ...before } = await getMe(ctx);
  const owner = { email, displayName: displayName ?? before.displayName };
  if (password !== undefined) assertStrongPassword(password, owner);
  const passwordHash =
    password === undefined ? undefined : await newPasswordHash(ctx, { id, email }, password, currentPassword);
  const { account, sessionIds } = await transaction(ctx, async (tx) => {
    const changed = await updateAccount(tx, id, { displayName }, now);
    if (!changed) throw invalidCredentials();
    if (passwordHash === undefined) return { account: changed, sessionIds: [] };
    await updatePasswordHash(tx, id, passwordHash);
    const ended = await endSessions(tx, id, { reason: 'passwordChanged', now }, actorOf(ctx).sessionId);
    return { account: changed, sessionIds: ended };
  });
  forgetCredentials(ctx, { sessionIds });
  return account;
}

async function newPasswordHash(
  ctx: Context,
  { id, email }: Pick<Account, 'id' | 'email'>,
  password: string,
  currentPassword: string,
): Promise<string> {
  await confirmPassword(ctx, id, currentPassword, '/currentPassword');
  const { saltKey } = await readPasswordHeads(ctx.db, email);
  return hashPassword(ctx, password, currentHead(saltKey, email));
}
