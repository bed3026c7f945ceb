import type { Role } from '../../platform/actor.ts';
import { type Context, transaction } from '../../platform/context.ts';
import { newUuid } from '../../platform/id.ts';
import { forgetCredentials } from '../authenticate.ts';
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
import { endSessions } from '../repository/sessions.ts';

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
  await insertAccount(ctx.db, account, passwordHash);
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
    const changed = await updateAccount(tx, id, { displayName, role }, now);
    const same = (await readPasswordHash(tx, id)) === passwordHash;
    if (!same) await updatePasswordHash(tx, id, passwordHash);
    return {
      account: changed ?? existing,
      sessionIds: same ? [] : await endSessions(tx, id, { reason: 'passwordChanged', now }, null),
    };
  });
  forgetCredentials(ctx, { sessionIds });
  return account;
}
