import { actorOf, type Context } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { forgetCredentials } from '../authenticate.ts';
import { apiKeyNotFound } from '../problems.ts';
import * as apiKeys from '../repository/api-keys.ts';

/** Revokes one of the caller's keys for good. */
export async function revokeApiKey(ctx: Context, keyId: string): Promise<void> {
  const id = uuidOf('key', keyId);
  const hash = id && (await apiKeys.revokeApiKey(ctx.db, actorOf(ctx).userId, id, ctx.clock.now()));
  if (!hash) throw apiKeyNotFound();
  forgetCredentials(ctx, { apiKeyHashes: [hash] });
}
