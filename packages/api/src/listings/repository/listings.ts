import type { ListingInput } from '@sojourn/shared/listing';
import type { ListingStatus } from '@sojourn/shared/vocabulary';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Db, Tx } from '../../platform/context.ts';
import type { DB as Database } from '../../platform/db/rows.ts';
import { contentHash, type Listing } from '../model.ts';
import { externalIdTaken, listingStateConflict } from '../problems.ts';
import { replacePhotos } from './photos.ts';
import { columnsOf, type ListingRow, listingOf, selectListings } from './row.ts';

/** Compiles statements and never connects. */
const compiler = new Kysely<Database>({
  dialect: new PostgresDialect({ pool: () => Promise.reject(new Error('This compiles only.')) }),
});
const listingById = selectListings(compiler).where('id', '=', '').compile().sql;

/**
 * The hottest read. Its text is made once, and PostgreSQL plans it once a connection, under a name. Kysely has no way to
 * pass that name, so it goes to the pool itself.
 */
export async function findListing(pool: pg.Pool, id: string): Promise<Listing | undefined> {
  const { rows } = await pool.query<ListingRow>({ name: 'listing_by_id', text: listingById, values: [id] });
  return rows[0] && listingOf(rows[0]);
}

/** A listing that is known to be there. */
export async function getListing(db: Db, id: string): Promise<Listing> {
  return listingOf(await selectListings(db).where('id', '=', id).executeTakeFirstOrThrow());
}

/** Keeps everybody else from changing a listing and its photos until the transaction ends. */
export async function lockListing(tx: Tx, id: string): Promise<Listing | undefined> {
  // The lock is a statement of its own: one that waited for it would still see the photos as they were before.
  const locked = await tx
    .selectFrom('listings')
    .select('id')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return locked && getListing(tx, id);
}

export interface ListingFilter {
  hostId: string;
  status?: ListingStatus | undefined;
  externalId?: string | undefined;
  /** In the title, upper and lower case alike. */
  text?: string | undefined;
}

export interface Page {
  limit: number;
  /** The id of the last listing of the page before. */
  after?: string | undefined;
}

/** Newest first: ids are ordered by the time they were made. */
export async function listListings(
  db: Db,
  { hostId, status, externalId, text }: ListingFilter,
  page: Page,
): Promise<Listing[]> {
  let query = selectListings(db).where('host_id', '=', hostId).orderBy('id', 'desc').limit(page.limit);
  if (page.after !== undefined) query = query.where('id', '<', page.after);
  if (status !== undefined) query = query.where('status', '=', status);
  if (externalId !== undefined) query = query.where('external_id', '=', externalId);
  if (text !== undefined) query = query.where('title', 'ilike', `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`);
  return (await query.execute()).map(listingOf);
}

/** Oldest first, from the one after `after`. */
export async function listListingsInOrder(db: Db, hostId: string, page: Page): Promise<Listing[]> {
  let query = selectListings(db).where('host_id', '=', hostId).orderBy('id').limit(page.limit);
  if (page.after !== undefined) query = query.where('id', '>', page.after);
  return (await query.execute()).map(listingOf);
}

export interface NewListing {
  id: string;
  hostId: string;
  content: ListingInput;
}

/** A new draft. */
export async function insertListing(
  tx: Tx,
  { id, hostId, content }: NewListing,
  now: Date,
): Promise<Listing> {
  await tx
    .insertInto('listings')
    .values({
      id,
      host_id: hostId,
      content_hash: contentHash(content),
      created_at: now,
      updated_at: now,
      ...columnsOf(content),
    })
    .execute()
    .catch(refuseTakenExternalId(content));
  if (content.photos.length > 0) await replacePhotos(tx, [{ listingId: id, photos: content.photos }], now);
  return getListing(tx, id);
}

/** Writes a listing's state and content as they are here, as its next version. */
export async function updateListing(
  tx: Tx,
  { id, version, status, content }: Listing,
  now: Date,
): Promise<Listing> {
  await tx
    .updateTable('listings')
    .set({
      status,
      version: version + 1,
      content_hash: contentHash(content),
      updated_at: now,
      ...columnsOf(content),
    })
    .where('id', '=', id)
    .execute()
    .catch(refuseTakenExternalId(content));
  await replacePhotos(tx, [{ listingId: id, photos: content.photos }], now);
  return getListing(tx, id);
}

export async function removeListing(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('listings').where('id', '=', id).execute().catch(refuseBooked);
}

/** Bookings stand above listings: they say by their constraint that they keep one. */
function refuseBooked(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.constraint === 'bookings__of_listing')
    throw listingStateConflict({
      detail: 'The listing has bookings, and is kept for their sake. Archive it instead of deleting it.',
      cause: error,
    });
  throw error;
}

const refuseTakenExternalId =
  (content: ListingInput) =>
  (error: unknown): never => {
    if (error instanceof pg.DatabaseError && error.constraint === 'listings__external_id_once')
      throw externalIdTaken({
        detail: `Another of your listings has the externalId "${content.externalId}".`,
        cause: error,
      });
    throw error;
  };
