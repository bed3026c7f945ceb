import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import { type Nights, rangeOf } from '../model/nights.ts';
import type { Ranged } from '../model/patches.ts';
import type { BlockSettings, DaySettings } from '../model/settings.ts';

/** What is said of the dates of a calendar. */
export interface CalendarRanges {
  settings: Ranged<DaySettings>[];
  blocks: Ranged<BlockSettings>[];
}

/** What is said within a range of dates and right beside it, by listing: neighbours may become one range with it. */
export async function listRanges(
  db: Db,
  listingIds: readonly string[],
  { from, to }: Nights,
): Promise<Map<string, CalendarRanges>> {
  const { rows } = await sql<CalendarRanges & { id: string }>`
    with hull as (select daterange(${from}::date - 1, ${to}::date + 1) as dates)
    select listing.id,
      coalesce((select json_agg(json_build_object('from', lower(own.dates), 'to', upper(own.dates), 'price', price,
          'minNights', min_nights, 'maxNights', max_nights, 'closedToArrival', closed_to_arrival,
          'closedToDeparture', closed_to_departure, 'note', note) order by own.dates)
        from calendar_settings own where listing_id = listing.id and own.dates && hull.dates), '[]') as settings,
      coalesce((select json_agg(json_build_object('from', lower(nights), 'to', upper(nights), 'blocked', true,
          'note', note) order by nights)
        from blocks where listing_id = listing.id and nights && hull.dates), '[]') as blocks
    from hull, unnest(${listingIds}::uuid[]) as listing (id)`.execute(db);
  return new Map(rows.map(({ id, ...ranges }) => [id, ranges]));
}

type OfListing<R> = R & { listingId: string };

const SETTING_TYPES = {
  listing_id: 'uuid',
  dates: 'daterange',
  price: 'bigint',
  min_nights: 'integer',
  max_nights: 'integer',
  closed_to_arrival: 'boolean',
  closed_to_departure: 'boolean',
  note: 'text',
} as const;
const SETTING_KEY_TYPES = { listing_id: 'uuid', dates: 'daterange' } as const;

/** Takes ranges away by their very dates, then adds others. */
export async function replaceSettings(
  tx: Tx,
  removed: readonly OfListing<Nights>[],
  added: readonly OfListing<Ranged<DaySettings>>[],
): Promise<void> {
  if (removed.length > 0) {
    const rows = removed.map((range) => ({ listing_id: range.listingId, dates: rangeOf(range) }));
    await sql`delete from calendar_settings own using ${columnwise(rows, SETTING_KEY_TYPES)} as gone
      where own.listing_id = gone.listing_id and own.dates = gone.dates`.execute(tx);
  }
  if (added.length === 0) return;
  const rows = added.map((range) => ({
    listing_id: range.listingId,
    dates: rangeOf(range),
    price: range.price,
    min_nights: range.minNights,
    max_nights: range.maxNights,
    closed_to_arrival: range.closedToArrival,
    closed_to_departure: range.closedToDeparture,
    note: range.note,
  }));
  const columns = sql.join(Object.keys(SETTING_TYPES).map((name) => sql.ref(name)));
  await sql`insert into calendar_settings (${columns})
    select ${columns} from ${columnwise(rows, SETTING_TYPES)} as rows`.execute(tx);
}
