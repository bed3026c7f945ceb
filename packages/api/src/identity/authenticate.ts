import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../platform/actor.ts';
import { localSpace } from '../platform/cache/cache.ts';
import type { Context, Resources } from '../platform/context.ts';
import type { Keyring } from '../platform/secrets.ts';
import { type AccessTokenClaims, verifyAccessToken } from './access-token.ts';
import { hashOfApiKey, isApiKeyText, looksLikeApiKey } from './api-key-text.ts';
import { scopesOf } from './model.ts';
import { findApiKeyHolder, markApiKeyUsed } from './repository/api-keys.ts';
import { findSessionHolder } from './repository/sessions.ts';

/** How long what the database said of a session or key is believed, in milliseconds. */
const BELIEVED_MS = 1_000;
const REMEMBERED = 10_000;
/** How exactly "last used" of a key is kept, in milliseconds: a write each time would make reads into writes. */
const LAST_USED_GRAIN_MS = 60_000;

/** Whose sessions (by id) and API keys (by hash) these are. Credentials never leave the memory of the process. */
const lookups = (name: string) =>
  localSpace<Actor>({ name, ttlMs: BELIEVED_MS, max: REMEMBERED, keepsMissing: true });
const SESSIONS = lookups('sessions');
const API_KEYS = lookups('api-keys');

/** Tokens whose signature was found good, by hash; the keyring stands for the marketplace that they belong to. */
type Verified = LRUCache<string, AccessTokenClaims>;
const memories = new WeakMap<Keyring, Verified>();

function verifiedBy(keyring: Keyring): Verified {
  let verified = memories.get(keyring);
  if (!verified) {
    verified = new LRUCache({ max: REMEMBERED });
    memories.set(keyring, verified);
  }
  return verified;
}

/**
 * Whose credential this is: an access token or an API key. Undefined when it is nobody's: forged, expired, ended,
 * revoked, of the other mode, or of an account that is not active. An end that another process brought about is noticed
 * within a second, one of this process at once.
 */
export async function authenticate(resources: Resources, credential: string): Promise<Actor | undefined> {
  const { cache } = resources;
  if (looksLikeApiKey(credential)) {
    if (!isApiKeyText(credential, resources.config.mode)) return undefined;
    const hash = hashOfApiKey(credential);
    return cache.remember(API_KEYS, hash.toString('base64'), () => actorOfApiKey(resources, hash));
  }
  const claims = await claimsOf(resources, credential);
  return (
    claims && cache.remember(SESSIONS, claims.sessionId, () => actorOfSession(resources, claims.sessionId))
  );
}

async function claimsOf(resources: Resources, token: string): Promise<AccessTokenClaims | undefined> {
  const verified = verifiedBy(resources.keyring);
  const hash = createHash('sha256').update(token).digest('base64');
  let claims = verified.get(hash);
  if (!claims) {
    claims = await verifyAccessToken(resources, token);
    if (claims) verified.set(hash, claims);
  }
  return claims && claims.expiresAt > resources.clock.now() ? claims : undefined;
}

async function actorOfSession({ db, clock }: Resources, sessionId: string): Promise<Actor | undefined> {
  const holder = await findSessionHolder(db, sessionId, clock.now());
  return holder && { ...holder, scopes: scopesOf(holder.role), sessionId, apiKeyId: null };
}

async function actorOfApiKey({ db, clock }: Resources, hash: Buffer): Promise<Actor | undefined> {
  const now = clock.now();
  const holder = await findApiKeyHolder(db, hash, now);
  if (!holder) return undefined;
  const { userId, role, keyId, lastUsedAt } = holder;
  if (!lastUsedAt || now.getTime() - lastUsedAt.getTime() >= LAST_USED_GRAIN_MS)
    await markApiKeyUsed(db, keyId, now);
  // A key never reaches further than its owner, whose role may have changed since.
  const held = scopesOf(role);
  return {
    userId,
    role,
    scopes: new Set(holder.scopes.filter((scope) => held.has(scope))),
    sessionId: null,
    apiKeyId: keyId,
  };
}

/**
 * Lets this process forget ended credentials at once. They are remembered as ended rather than dropped, so that a
 * look-up between now and the commit of the end cannot bring them back.
 */
export function forgetCredentials(
  { cache }: Context,
  {
    sessionIds = [],
    apiKeyHashes = [],
  }: { sessionIds?: readonly string[]; apiKeyHashes?: readonly Buffer[] },
): void {
  for (const id of sessionIds) cache.put(SESSIONS, id, undefined);
  for (const hash of apiKeyHashes) cache.put(API_KEYS, hash.toString('base64'), undefined);
}
