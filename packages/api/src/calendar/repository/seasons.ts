import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import { newUuid } from '../../platform/id.ts';
import { rangeOf } from '../model/nights.ts';
import type { NamedSeason } from '../model/seasons.ts';

/** The version of a calendar and its seasons, as of one moment. */
export async function readSeasons(
  db: Db,
  listingId: string,
): Promise<{ version: number; seasons: NamedSeason[] }> {
  const { rows } = await sql<{ version: number; seasons: NamedSeason[] }>`
    select coalesce((select version from calendars where listing_id = ${listingId}), 0) as version,
      coalesce((select json_agg(json_build_object('name', name, 'from', lower(dates), 'to', upper(dates), 'price', price,
          'weekendPrice', weekend_price, 'minNights', min_nights, 'maxNights', max_nights) order by dates)
        from seasons where listing_id = ${listingId}), '[]') as seasons`.execute(db);
  return rows[0]!;
}

const SEASON_TYPES = {
  id: 'uuid',
  name: 'text',
  dates: 'daterange',
  price: 'bigint',
  weekend_price: 'bigint',
  min_nights: 'integer',
  max_nights: 'integer',
} as const;

export async function replaceSeasons(
  tx: Tx,
  listingId: string,
  seasons: readonly NamedSeason[],
  now: Date,
): Promise<void> {
  await tx.deleteFrom('seasons').where('listing_id', '=', listingId).execute();
  if (seasons.length === 0) return;
  const rows = seasons.map((season) => ({
    id: newUuid(now),
    name: season.name,
    dates: rangeOf(season),
    price: season.price,
    weekend_price: season.weekendPrice,
    min_nights: season.minNights,
    max_nights: season.maxNights,
  }));
  const columns = sql.join(Object.keys(SEASON_TYPES).map((name) => sql.ref(name)));
  await sql`insert into seasons (listing_id, ${columns})
    select ${listingId}::uuid, ${columns} from ${columnwise(rows, SEASON_TYPES)} as rows`.execute(tx);
}
