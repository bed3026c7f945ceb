import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../platform/actor.ts';
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

type Lookups = LRUCache<string, Promise<Actor | undefined>>;

/** What a process remembers of credentials; its keyring stands for the marketplace that they belong to. */
interface Memory {
  /** Tokens whose signature was found good, by hash. */
  verified: LRUCache<string, AccessTokenClaims>;
  /** The state of sessions by id, and of API keys by hash: the look-up itself, so that all who ask at once share one. */
  sessions: Lookups;
  apiKeys: Lookups;
}

const memories = new WeakMap<Keyring, Memory>();

function memoryOf({ keyring }: { keyring: Keyring }): Memory {
  let memory = memories.get(keyring);
  if (!memory) {
    memory = {
      verified: new LRUCache({ max: REMEMBERED }),
      sessions: new LRUCache({ max: REMEMBERED, ttl: BELIEVED_MS }),
      apiKeys: new LRUCache({ max: REMEMBERED, ttl: BELIEVED_MS }),
    };
    memories.set(keyring, memory);
  }
  return memory;
}

/**
 * Whose credential this is: an access token or an API key. Undefined when it is nobody's: forged, expired, ended,
 * revoked, of the other mode, or of an account that is not active. An end that another process brought about is noticed
 * within a second, one of this process at once.
 */
export async function authenticate(resources: Resources, credential: string): Promise<Actor | undefined> {
  const memory = memoryOf(resources);
  if (looksLikeApiKey(credential)) {
    if (!isApiKeyText(credential, resources.config.mode)) return undefined;
    const hash = hashOfApiKey(credential);
    return shared(memory.apiKeys, hash.toString('base64'), () => actorOfApiKey(resources, hash));
  }
  const claims = await claimsOf(memory, resources, credential);
  return (
    claims && shared(memory.sessions, claims.sessionId, () => actorOfSession(resources, claims.sessionId))
  );
}

async function claimsOf(
  memory: Memory,
  resources: Resources,
  token: string,
): Promise<AccessTokenClaims | undefined> {
  const hash = createHash('sha256').update(token).digest('base64');
  let claims = memory.verified.get(hash);
  if (!claims) {
    claims = await verifyAccessToken(resources, token);
    if (claims) memory.verified.set(hash, claims);
  }
  return claims && claims.expiresAt > resources.clock.now() ? claims : undefined;
}

function shared(
  lookups: Lookups,
  key: string,
  look: () => Promise<Actor | undefined>,
): Promise<Actor | undefined> {
  let lookup = lookups.get(key);
  if (!lookup) {
    lookup = look();
    lookups.set(key, lookup);
    const asked = lookup;
    lookup.catch(() => {
      // What failed is asked again by the next request, unless something newer is known by now.
      if (lookups.peek(key) === asked) lookups.delete(key);
    });
  }
  return lookup;
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

const NOBODY = Promise.resolve(undefined);

/**
 * Lets this process forget ended credentials at once. They are remembered as ended rather than dropped, so that a
 * look-up between now and the commit of the end cannot bring them back.
 */
export function forgetCredentials(
  ctx: Context,
  {
    sessionIds = [],
    apiKeyHashes = [],
  }: { sessionIds?: readonly string[]; apiKeyHashes?: readonly Buffer[] },
): void {
  const { sessions, apiKeys } = memoryOf(ctx);
  for (const id of sessionIds) sessions.set(id, NOBODY);
  for (const hash of apiKeyHashes) apiKeys.set(hash.toString('base64'), NOBODY);
}
