import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { aboutThingOf, apiKeyRevoked, ownedBy } from '../events.ts';
import { type RevokedKey, revokeApiKeys } from '../repository/api-keys.ts';

/** Tells of keys that were revoked; answers their hashes, to be forgotten after the commit. */
export async function tellRevoked(
  ctx: Context,
  tx: Tx,
  userId: string,
  keys: readonly RevokedKey[],
): Promise<Buffer[]> {
  await emitAll(
    ctx,
    tx,
    apiKeyRevoked,
    keys.map(({ id, name }) => ({ ...aboutThingOf(userId, id), data: { ...ownedBy(userId), name } })),
  );
  return keys.map(({ hash }) => hash);
}

/** Revokes all keys of a user, or those of one name, and tells of it; answers their hashes. */
export const revokeKeys = async (ctx: Context, tx: Tx, userId: string, name?: string): Promise<Buffer[]> =>
  tellRevoked(ctx, tx, userId, await revokeApiKeys(tx, userId, ctx.clock.now(), name));
