import { type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { aboutUser, userRegistered } from '../events.ts';
import type { Account } from '../model.ts';
import { assertHashingIsFree, currentHead, hashPassword } from '../password-hash.ts';
import { assertStrongPassword } from '../password-rules.ts';
import { insertAccount, readPasswordHeads } from '../repository/accounts.ts';
import { asUser } from './as-user.ts';
import { type SignedIn, startSession } from './start-session.ts';

export interface Registration {
  email: string;
  password: string;
  displayName: string;
}

/**
 * Opens an account and signs in. It always opens a new one: an address is bound to an account only once it is verified,
 * so the answer cannot tell whether somebody else has an account with it (docs/adr/0002).
 */
export async function register(
  ctx: Context,
  { email, password, displayName }: Registration,
): Promise<SignedIn> {
  assertStrongPassword(password, { email, displayName });
  assertHashingIsFree(ctx);
  const now = ctx.clock.now();
  const account: Account = {
    id: newUuid(now),
    email,
    emailVerifiedAt: null,
    displayName,
    role: 'user',
    status: 'active',
    createdAt: now,
    updatedAt: now,
  };
  const { saltKey } = await readPasswordHeads(ctx.db, email);
  const passwordHash = await hashPassword(ctx, password, currentHead(saltKey, email));
  return transaction(ctx, async (tx) => {
    await insertAccount(tx, account, passwordHash);
    await emit(asUser(ctx, account.id), tx, userRegistered, {
      ...aboutUser(account.id),
      data: { displayName, emailVerified: false },
    });
    return startSession(ctx, tx, account);
  });
}
