import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { insufficientScope } from '../../platform/problems.ts';
import { forgetCredentials } from '../authenticate.ts';
import { mayRevokeKey } from '../policy.ts';
import { apiKeyNotFound } from '../problems.ts';
import * as apiKeys from '../repository/api-keys.ts';
import { tellRevoked } from './revoke-keys.ts';

/** Revokes one of the caller's keys for good. */
export async function revokeApiKey(ctx: Context, keyId: string): Promise<void> {
  const actor = actorOf(ctx);
  const id = uuidOf('key', keyId);
  if (!mayRevokeKey(actor, id ?? ''))
    throw insufficientScope({ detail: 'This operation needs the scope "keys:write".' });
  if (id === undefined) throw apiKeyNotFound();
  const apiKeyHashes = await transaction(ctx, async (tx) => {
    const revoked = await apiKeys.revokeApiKey(tx, actor.userId, id, ctx.clock.now());
    if (!revoked) throw apiKeyNotFound();
    return tellRevoked(ctx, tx, actor.userId, [revoked]);
  });
  forgetCredentials(ctx, { apiKeyHashes });
}
