import type { Role } from '../../platform/actor.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { forgetCredentials } from '../authenticate.ts';
import { aboutUser, userPasswordChanged, userRegistered, userUpdated } from '../events.ts';
import type { Account } from '../model.ts';
import { currentHead, hashPassword } from '../password-hash.ts';
import { assertStrongPassword } from '../password-rules.ts';
import {
  findVerifiedAccount,
  insertAccount,
  readPasswordHash,
  readPasswordHeads,
  updateAccount,
  updatePasswordHash,
} from '../repository/accounts.ts';
import { endSessions } from './end-sessions.ts';

export interface WantedUser {
  email: string;
  displayName: string;
  role: Role;
  password: string;
}

/**
 * For those who run the server: makes sure that the verified account of an address has this role and this password, and
 * opens it when there is none. The operator vouches for the address. An account that merely carries the address is left
 * alone: whoever opened it may be waiting to be made admin.
 */
export async function ensureUser(
  ctx: Context,
  wanted: WantedUser,
): Promise<{ account: Account; created: boolean }> {
  assertStrongPassword(wanted.password, wanted);
  const { saltKey } = await readPasswordHeads(ctx.db, wanted.email);
  const passwordHash = await hashPassword(ctx, wanted.password, currentHead(saltKey, wanted.email));
  const existing = await findVerifiedAccount(ctx.db, wanted.email);
  return existing
    ? { account: await bringInLine(ctx, existing, wanted, passwordHash), created: false }
    : { account: await open(ctx, wanted, passwordHash), created: true };
}

async function open(
  ctx: Context,
  { email, displayName, role }: WantedUser,
  passwordHash: string,
): Promise<Account> {
  const now = ctx.clock.now();
  const account: Account = {
    id: newUuid(now),
    email,
    emailVerifiedAt: now,
    displayName,
    role,
    status: 'active',
    createdAt: now,
    updatedAt: now,
  };
  await transaction(ctx, async (tx) => {
    await insertAccount(tx, account, passwordHash);
    await emit(ctx, tx, userRegistered, {
      ...aboutUser(account.id),
      data: { displayName, emailVerified: true },
    });
  });
  return account;
}

async function bringInLine(
  ctx: Context,
  existing: Account,
  { displayName, role }: WantedUser,
  passwordHash: string,
): Promise<Account> {
  const now = ctx.clock.now();
  const { id } = existing;
  const { account, sessionIds } = await transaction(ctx, async (tx) => {
    const changed = (await updateAccount(tx, id, { displayName, role }, now)) ?? existing;
    await tellUpdated(ctx, tx, existing, changed);
    if ((await readPasswordHash(tx, id)) === passwordHash) return { account: changed, sessionIds: [] };
    await updatePasswordHash(tx, id, passwordHash);
    await emit(ctx, tx, userPasswordChanged, { ...aboutUser(id), data: { how: 'operator' } });
    return { account: changed, sessionIds: await endSessions(ctx, tx, id, 'passwordChanged') };
  });
  forgetCredentials(ctx, { sessionIds });
  return account;
}

async function tellUpdated(ctx: Context, tx: Tx, before: Account, { id, displayName, role }: Account) {
  const previous = {
    ...(before.displayName === displayName ? {} : { displayName: before.displayName }),
    ...(before.role === role ? {} : { role: before.role }),
  };
  if (Object.keys(previous).length === 0) return;
  await emit(ctx, tx, userUpdated, { ...aboutUser(id), data: { displayName, role }, previous });
}
