import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { invalidCredentials } from '../../platform/problems.ts';
import { forgetCredentials } from '../authenticate.ts';
import { aboutUser, userPasswordChanged, userUpdated } from '../events.ts';
import type { Account } from '../model.ts';
import { currentHead, hashPassword } from '../password-hash.ts';
import { assertStrongPassword } from '../password-rules.ts';
import { readPasswordHeads, updateAccount, updatePasswordHash } from '../repository/accounts.ts';
import { endEmailTokens } from '../repository/email-tokens.ts';
import { confirmPassword } from './confirm-password.ts';
import { endSessions } from './end-sessions.ts';
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
    if (changed.displayName !== before.displayName) await tellRenamed(ctx, tx, changed, before.displayName);
    if (passwordHash === undefined) return { account: changed, sessionIds: [] };
    return { account: changed, sessionIds: await changePassword(ctx, tx, id, passwordHash) };
  });
  forgetCredentials(ctx, { sessionIds });
  return account;
}

const tellRenamed = (ctx: Context, tx: Tx, { id, displayName, role }: Account, previousName: string) =>
  emit(ctx, tx, userUpdated, {
    ...aboutUser(id),
    data: { displayName, role },
    previous: { displayName: previousName },
  });

/** Answers the sessions that end with the old password: all but the one that asks. */
async function changePassword(ctx: Context, tx: Tx, id: string, passwordHash: string): Promise<string[]> {
  await updatePasswordHash(tx, id, passwordHash);
  await endEmailTokens(tx, id, ctx.clock.now(), { purpose: 'resetPassword' });
  await emit(ctx, tx, userPasswordChanged, { ...aboutUser(id), data: { how: 'changed' } });
  return endSessions(ctx, tx, id, 'passwordChanged', actorOf(ctx).sessionId);
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
