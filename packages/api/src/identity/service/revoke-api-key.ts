import { actorOf, type Context } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { insufficientScope } from '../../platform/problems.ts';
import { forgetCredentials } from '../authenticate.ts';
import { mayRevokeKey } from '../policy.ts';
import { apiKeyNotFound } from '../problems.ts';
import * as apiKeys from '../repository/api-keys.ts';

/** Revokes one of the caller's keys for good. */
export async function revokeApiKey(ctx: Context, keyId: string): Promise<void> {
  const actor = actorOf(ctx);
  const id = uuidOf('key', keyId);
  if (!mayRevokeKey(actor, id ?? ''))
    throw insufficientScope({ detail: 'This operation needs the scope "keys:write".' });
  const hash = id && (await apiKeys.revokeApiKey(ctx.db, actor.userId, id, ctx.clock.now()));
  if (!hash) throw apiKeyNotFound();
  forgetCredentials(ctx, { apiKeyHashes: [hash] });
}
