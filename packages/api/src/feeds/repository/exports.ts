import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { TakenRange } from '../model/write-calendar.ts';

/** The secret of an exported calendar, sealed. */
export interface StoredExport {
  sealedToken: Buffer;
  createdAt: Date;
}

export async function findExport(db: Db, listingId: string): Promise<StoredExport | undefined> {
  return db
    .selectFrom('calendar_exports')
    .select(['token_sealed as sealedToken', 'created_at as createdAt'])
    .where('listing_id', '=', listingId)
    .executeTakeFirst();
}

export async function writeExport(
  tx: Tx,
  listingId: string,
  { tokenHash, sealedToken, createdAt }: StoredExport & { tokenHash: Buffer },
): Promise<void> {
  const fields = { token_hash: tokenHash, token_sealed: sealedToken, created_at: createdAt };
  await tx
    .insertInto('calendar_exports')
    .values({ listing_id: listingId, ...fields })
    .onConflict((conflict) => conflict.column('listing_id').doUpdateSet(fields))
    .execute();
}

export async function removeExport(db: Db, listingId: string): Promise<void> {
  await db.deleteFrom('calendar_exports').where('listing_id', '=', listingId).execute();
}

export interface ExportVersion {
  version: string;
  /** What ended before is not exported. */
  since: string;
}

/**
 * The version of what would be exported, for who knows the secret; undefined for everybody else. It reads every range
 * and writes none of them.
 */
export async function findExportVersion(
  db: Db,
  listingId: string,
  tokenHash: Buffer,
  from: Date,
): Promise<ExportVersion | undefined> {
  const { rows } = await sql<ExportVersion>`
    select days.since, (
      select concat(count(*), '-', bit_xor(hash_record_extended((n.booking_id, n.nights, n.prepared), 0)))
      from occupied_nights n where n.listing_id = listing.id and upper(n.prepared) > days.since
    ) as version
    from calendar_exports export
      join listings listing on listing.id = export.listing_id
      cross join lateral (
        select (${from}::timestamptz at time zone coalesce(listing.time_zone, 'UTC'))::date as since) days
    where export.listing_id = ${listingId} and export.token_hash = ${tokenHash}`.execute(db);
  return rows[0];
}

/** Everything that takes nights after a date, in the order of the nights. */
export async function listTakenRanges(db: Db, listingId: string, since: string): Promise<TakenRange[]> {
  const { rows } = await sql<TakenRange>`
    with taken as (
      select booking_id, nights, prepared from occupied_nights
      where listing_id = ${listingId} and upper(prepared) > ${since}::date
    )
    select booking_id as "bookingId", lower(nights) as "from", upper(nights) as "to" from taken
    union all
    select null, lower(piece), upper(piece)
    from unnest((select range_agg(prepared) - range_agg(nights) from taken)) as piece
    order by "from"`.execute(db);
  return rows;
}
