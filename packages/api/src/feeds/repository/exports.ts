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

/** Of ranges that are taken, in whatever order: equal ranges have equal versions, and none of them is written for it. */
const versionOf = sql<string>`concat(count(*), '-', bit_xor(hash_record_extended((booking_id, nights, prepared), 0)))`;
const VERSION_OF_NONE = '0-';

/** The version of what would be exported, for who knows the secret; undefined for everybody else. */
export async function findExportVersion(
  db: Db,
  listingId: string,
  tokenHash: Buffer,
  from: Date,
): Promise<ExportVersion | undefined> {
  const { rows } = await sql<ExportVersion>`
    select days.since, (
      select ${versionOf} from occupied_nights where listing_id = listing.id and upper(prepared) > days.since
    ) as version
    from calendar_exports export
      join listings listing on listing.id = export.listing_id
      cross join lateral (
        select (${from}::timestamptz at time zone coalesce(listing.time_zone, 'UTC'))::date as since) days
    where export.listing_id = ${listingId} and export.token_hash = ${tokenHash}`.execute(db);
  return rows[0];
}

/** Everything that takes nights after a date, in the order of the nights, with the version of just this. */
export async function listTakenRanges(
  db: Db,
  listingId: string,
  since: string,
): Promise<{ version: string; ranges: TakenRange[] }> {
  const { rows } = await sql<TakenRange & { version: string }>`
    with taken as materialized (
      select booking_id, nights, prepared from occupied_nights
      where listing_id = ${listingId} and upper(prepared) > ${since}::date
    ),
    ranges as (
      select booking_id, nights from taken
      union all
      select null, piece from unnest((select range_agg(prepared) - range_agg(nights) from taken)) as piece
    )
    select (select ${versionOf} from taken) as version,
      booking_id as "bookingId", lower(nights) as "from", upper(nights) as "to"
    from ranges order by nights`.execute(db);
  return { version: rows[0]?.version ?? VERSION_OF_NONE, ranges: rows };
}
