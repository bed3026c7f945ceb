import type { Role, Scope } from '../../platform/actor.ts';
import type { Db } from '../../platform/context.ts';
import type { ApiKey } from '../model.ts';

const COLUMNS = [
  'id',
  'name',
  'prefix',
  'scopes',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
  'expires_at as expiresAt',
] as const;

interface ApiKeyRow extends Omit<ApiKey, 'scopes'> {
  scopes: string[];
}

// Only scopes that the contract knows are ever stored.
const toApiKey = (row: ApiKeyRow) => row as ApiKey;

export async function insertApiKey(db: Db, userId: string, key: ApiKey, secretHash: Buffer): Promise<void> {
  await db
    .insertInto('api_keys')
    .values({
      id: key.id,
      user_id: userId,
      name: key.name,
      prefix: key.prefix,
      secret_hash: secretHash,
      scopes: key.scopes,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
    })
    .execute();
}

const unrevokedOf = (db: Db, userId: string) =>
  db.selectFrom('api_keys').where('user_id', '=', userId).where('revoked_at', 'is', null);

/** Keys that were not revoked (expired ones as well), newest first, one more than `limit` when there are more. */
export async function listApiKeys(
  db: Db,
  userId: string,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<ApiKey[]> {
  let query = unrevokedOf(db, userId).select(COLUMNS);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(toApiKey);
}

export async function countApiKeys(db: Db, userId: string): Promise<number> {
  const { count } = await unrevokedOf(db, userId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Every key that is kept of a user, revoked ones as well. */
export async function listKeptApiKeys(
  db: Db,
  userId: string,
): Promise<(ApiKey & { revokedAt: Date | null })[]> {
  const rows = await db
    .selectFrom('api_keys')
    .select([...COLUMNS, 'revoked_at as revokedAt'])
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...toApiKey(row), revokedAt: row.revokedAt }));
}

const revokeOf = (db: Db, userId: string, now: Date) =>
  db
    .updateTable('api_keys')
    .set({ revoked_at: now })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .returning(['id', 'name', 'secret_hash as hash']);

/** A key that was just revoked, by what is left to do about it. */
export interface RevokedKey {
  id: string;
  name: string;
  hash: Buffer;
}

/** Undefined when this user has no such key. */
export function revokeApiKey(db: Db, userId: string, id: string, now: Date): Promise<RevokedKey | undefined> {
  return revokeOf(db, userId, now).where('id', '=', id).executeTakeFirst();
}

/** Revokes all keys of a user, or those of one name. */
export function revokeApiKeys(db: Db, userId: string, now: Date, name?: string): Promise<RevokedKey[]> {
  const query = revokeOf(db, userId, now);
  return (name === undefined ? query : query.where('name', '=', name)).execute();
}

interface ApiKeyHolder {
  keyId: string;
  userId: string;
  role: Role;
  scopes: Scope[];
  lastUsedAt: Date | null;
}

/** Who a valid key belongs to, and what it was given. */
export async function findApiKeyHolder(
  db: Db,
  secretHash: Buffer,
  now: Date,
): Promise<ApiKeyHolder | undefined> {
  const row = await db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .select([
      'api_keys.id as keyId',
      'users.id as userId',
      'users.role',
      'api_keys.scopes',
      'api_keys.last_used_at as lastUsedAt',
    ])
    .where('api_keys.secret_hash', '=', secretHash)
    .where('api_keys.revoked_at', 'is', null)
    .where((eb) => eb.or([eb('api_keys.expires_at', 'is', null), eb('api_keys.expires_at', '>', now)]))
    .where('users.status', '=', 'active')
    .executeTakeFirst();
  return row && { ...row, role: row.role as Role, scopes: row.scopes as Scope[] };
}

export async function markApiKeyUsed(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', id).execute();
}
