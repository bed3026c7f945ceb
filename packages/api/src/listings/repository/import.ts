import type { ListingInput } from '@sojourn/shared/listing';
import type { ListingStatus } from '@sojourn/shared/vocabulary';
import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import type { KnownListing, Listing } from '../model.ts';
import { CONTENT_TYPES, columnsOf, listingOf, selectListings } from './row.ts';

/** Those of a host's listings that have one of these ids of the host's own, by that id. */
export async function listKnownListings(
  db: Db,
  hostId: string,
  externalIds: readonly string[],
): Promise<Map<string, KnownListing>> {
  const rows = await db
    .selectFrom('listings')
    .select(['id', 'external_id', 'status', 'version', 'content_hash'])
    .where('host_id', '=', hostId)
    .where(sql<boolean>`external_id = any(${externalIds})`)
    .execute();
  return new Map(
    rows.map(({ id, external_id, status, version, content_hash }) => [
      external_id!,
      { id, status: status as ListingStatus, version, contentHash: content_hash },
    ]),
  );
}

/** Listings by id, as they are now. */
export async function listListingsById(db: Db, ids: readonly string[]): Promise<Map<string, Listing>> {
  if (ids.length === 0) return new Map();
  const rows = await selectListings(db).where(sql<boolean>`id = any(${ids}::uuid[])`).execute();
  return new Map(rows.map((row) => [row.id, listingOf(row)]));
}

/** A row of an import as it is to be stored. */
export interface ImportedRow {
  externalId: string;
  /** For a new listing; one that is there keeps its own. */
  id: string;
  /** The version that this makes: 1 for a new listing, else one more than the one that it replaces. */
  version: number;
  status: ListingStatus;
  content: ListingInput;
  contentHash: Buffer;
}

const ROW_TYPES = {
  id: 'uuid',
  status: 'text',
  version: 'integer',
  content_hash: 'bytea',
  ...CONTENT_TYPES,
} as const;
const WRITTEN = Object.keys(ROW_TYPES);
const CHANGED = ['updated_at', ...WRITTEN.filter((column) => column !== 'id' && column !== 'external_id')];

/**
 * Creates or updates the listings of a host in one statement. Answers the id of each that was written, by external id;
 * the others were changed by somebody else since they were looked at. Those too are locked now.
 *
 * Rows must come ordered by external id: two imports that overlap then wait for each other instead of deadlocking.
 */
export async function upsertListings(
  tx: Tx,
  hostId: string,
  rows: readonly ImportedRow[],
  now: Date,
): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map();
  const records = rows.map(({ content, id, status, version, contentHash }) => ({
    id,
    status,
    version,
    content_hash: `\\x${contentHash.toString('hex')}`,
    ...columnsOf(content),
  }));
  const columns = sql.join(WRITTEN.map((name) => sql.ref(name)));
  const { rows: written } = await sql<{ external_id: string; id: string }>`
    insert into listings (host_id, created_at, updated_at, ${columns})
    select ${hostId}::uuid, ${now}::timestamptz, ${now}::timestamptz, ${columns} from ${columnwise(records, ROW_TYPES)} as rows
    on conflict (host_id, external_id) do update
      set ${sql.join(CHANGED.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`))}
      where listings.version = excluded.version - 1
    returning external_id, id`.execute(tx);
  return new Map(written.map(({ external_id, id }) => [external_id, id]));
}
