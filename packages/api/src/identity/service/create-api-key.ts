import type { Scope } from '../../platform/actor.ts';
import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { insufficientScope, invalidRequest } from '../../platform/problems.ts';
import { hashOfApiKey, newApiKeyText, shownPrefix } from '../api-key-text.ts';
import { aboutThingOf, apiKeyCreated, ownedBy } from '../events.ts';
import type { ApiKey } from '../model.ts';
import { scopesBeyond } from '../policy.ts';
import { apiKeyLimitReached } from '../problems.ts';
import { countApiKeys, insertApiKey } from '../repository/api-keys.ts';

const MAX_KEYS = 100;

export interface NewApiKey {
  name: string;
  scopes: Scope[];
  expiresAt: Date | null;
}

/** A key with its secret, which is never seen again. */
export interface IssuedApiKey {
  apiKey: ApiKey;
  key: string;
}

/** Makes a key that acts for the caller, with scopes that the caller has. */
export async function createApiKey(ctx: Context, wanted: NewApiKey): Promise<IssuedApiKey> {
  const actor = actorOf(ctx);
  assertOwnScopes(scopesBeyond(actor, wanted.scopes), wanted.scopes);
  if (wanted.expiresAt && wanted.expiresAt <= ctx.clock.now())
    throw invalidRequest({
      detail: '/expiresAt: must be in the future.',
      errors: [{ pointer: '/expiresAt', code: 'not_in_future', message: 'must be in the future' }],
    });
  if ((await countApiKeys(ctx.db, actor.userId)) >= MAX_KEYS) throw apiKeyLimitReached();
  return transaction(ctx, (tx) => issueApiKey(ctx, tx, actor.userId, wanted));
}

function assertOwnScopes(beyond: Scope[], scopes: Scope[]): void {
  if (beyond.length === 0) return;
  throw insufficientScope({
    detail: `You cannot give away what you do not have: ${beyond.join(', ')}.`,
    errors: beyond.map((scope) => ({
      pointer: `/scopes/${scopes.indexOf(scope)}`,
      code: 'scope_not_held',
      message: `your credentials do not have "${scope}"`,
    })),
  });
}

export async function issueApiKey(
  ctx: Context,
  tx: Tx,
  userId: string,
  { name, scopes, expiresAt }: NewApiKey,
): Promise<IssuedApiKey> {
  const now = ctx.clock.now();
  const key = newApiKeyText(ctx.config.mode);
  const apiKey = {
    id: newUuid(now),
    name,
    prefix: shownPrefix(key),
    scopes: [...new Set(scopes)],
    createdAt: now,
    lastUsedAt: null,
    expiresAt,
  };
  await insertApiKey(tx, userId, apiKey, hashOfApiKey(key));
  await emit(ctx, tx, apiKeyCreated, {
    ...aboutThingOf(userId, apiKey.id),
    data: { ...ownedBy(userId), name, scopes: apiKey.scopes, expiresAt: expiresAt?.toISOString() ?? null },
  });
  return { apiKey, key };
}
