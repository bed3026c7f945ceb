import type { Scope } from '../../platform/actor.ts';
import { type Context, transaction } from '../../platform/context.ts';
import { hashOfApiKey, isApiKeyText } from '../api-key-text.ts';
import { forgetCredentials } from '../authenticate.ts';
import { findApiKeyHolder } from '../repository/api-keys.ts';
import { issueApiKey } from './create-api-key.ts';
import { revokeKeys } from './revoke-keys.ts';

export interface WantedApiKey {
  userId: string;
  name: string;
  scopes: Scope[];
  /** The key that the operator has kept from an earlier time. */
  kept: string | undefined;
}

/** For those who run the server: the kept key while it is good, else a new one in place of all of that name. */
export async function ensureApiKey(
  ctx: Context,
  { userId, name, scopes, kept }: WantedApiKey,
): Promise<string> {
  const now = ctx.clock.now();
  if (kept !== undefined && isApiKeyText(kept, ctx.config.mode)) {
    const holder = await findApiKeyHolder(ctx.db, hashOfApiKey(kept), now);
    if (holder?.userId === userId && scopes.every((scope) => holder.scopes.includes(scope))) return kept;
  }
  const { revoked, key } = await transaction(ctx, async (tx) => {
    const hashes = await revokeKeys(ctx, tx, userId, name);
    const issued = await issueApiKey(ctx, tx, userId, { name, scopes, expiresAt: null });
    return { revoked: hashes, key: issued.key };
  });
  forgetCredentials(ctx, { apiKeyHashes: revoked });
  return key;
}
