import type { Currency } from '@sojourn/shared/money';
import type { ListingStatus, RoomType } from '@sojourn/shared/vocabulary';
import { type SqlBool, sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';

/** What a write must know of a listing. */
export interface CalendarListing {
  id: string;
  hostId: string;
  status: ListingStatus;
  title: string;
  timeZone: string | null;
  currency: Currency | null;
}

/** Which of a host's listings; all that is named must fit. */
export interface ListingSelection {
  listingIds?: readonly string[] | undefined;
  tags?: readonly string[] | undefined;
  place?:
    | { city?: string | undefined; region?: string | undefined; country?: string | undefined }
    | undefined;
  roomType?: RoomType | undefined;
}

const selectListings = (db: Db) =>
  db
    .selectFrom('listings')
    .select(['id', 'host_id as hostId', 'status', 'title', 'time_zone as timeZone', 'currency'])
    .$narrowType<{ status: ListingStatus; currency: Currency | null }>();

export const findListing = (db: Db, id: string): Promise<CalendarListing | undefined> =>
  selectListings(db).where('id', '=', id).executeTakeFirst();

/** A host's listings that fit, but for archived ones, in the order of their ids. */
export function findSelected(
  db: Db,
  hostId: string,
  { listingIds, tags, place = {}, roomType }: ListingSelection,
  limit: number,
): Promise<CalendarListing[]> {
  let query = selectListings(db).where('host_id', '=', hostId).where('status', '<>', 'archived');
  if (listingIds) query = query.where(sql<SqlBool>`id = any(${listingIds}::uuid[])`);
  if (tags) query = query.where(sql<SqlBool>`tags && ${tags}::text[]`);
  if (roomType) query = query.where('room_type', '=', roomType);
  for (const part of ['city', 'region', 'country'] as const)
    if (place[part] !== undefined)
      query = query.where(sql<SqlBool>`lower(address ->> ${part}) = lower(${place[part]})`);
  return query.orderBy('id').limit(limit).execute();
}

/** The version of each calendar that was ever changed. */
export async function listVersions(db: Db, listingIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; version: number }>`
    select listing_id as id, version from calendars where listing_id = any(${listingIds}::uuid[])`.execute(
    db,
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** The next version of calendars that are locked. */
export async function raiseVersions(tx: Tx, listingIds: readonly string[]): Promise<void> {
  await sql`update calendars set version = version + 1 where listing_id = any(${listingIds}::uuid[])`.execute(
    tx,
  );
}
