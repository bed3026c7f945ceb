import { addDays } from '@sojourn/shared/nights';
import type pg from 'pg';
import type { CalendarFacts } from '../model/days.ts';
import { type Nights, rangeOf } from '../model/nights.ts';

/** No stay keeps more nights free beside it than this. */
const MAX_PREPARATION = 30;

const rows = (columns: string, range: string, from: string, where: string) => `coalesce((
  select json_agg(json_build_object('from', lower(${range}), 'to', upper(${range}), ${columns}) order by ${range})
  from ${from} where listing_id = listing.id and ${where}), '[]')::text`;

/** Everything that the days of a calendar are made of, in one statement that PostgreSQL plans once a connection. */
const STATEMENT = `select
  listing.host_id as "hostId", listing.status, listing.time_zone as "timeZone", listing.currency,
  listing.base_price as "basePrice", listing.weekend_price as "weekendPrice",
  listing.min_nights as "minNights", listing.max_nights as "maxNights",
  listing.arrival_min_nights as "arrivalMinNights", listing.check_in_from as "checkInFrom",
  listing.advance_notice_hours as "advanceNoticeHours", listing.booking_window_days as "bookingWindowDays",
  listing.preparation_nights as "preparationNights",
  coalesce((select version from calendars where listing_id = listing.id), 0) as version,
  ${rows(
    `'price', price, 'minNights', min_nights, 'maxNights', max_nights, 'closedToArrival', closed_to_arrival,
     'closedToDeparture', closed_to_departure, 'note', note`,
    'dates',
    'calendar_settings',
    'dates && $2::daterange',
  )} as settings,
  ${rows(
    `'price', price, 'weekendPrice', weekend_price, 'minNights', min_nights, 'maxNights', max_nights`,
    'dates',
    'seasons',
    'dates && $2::daterange',
  )} as seasons,
  ${rows(`'note', note`, 'nights', 'blocks', 'nights && $2::daterange')} as blocks,
  ${rows(
    `'kind', kind, 'preparationNights', preparation_nights, 'bookingId', booking_id`,
    'nights',
    'occupied_nights',
    'nights && $3::daterange',
  )} as taken
  from listings listing where listing.id = $1`;

type Lists = 'settings' | 'seasons' | 'blocks' | 'taken';
type FactsRow = Omit<CalendarFacts, Lists> & Record<Lists, string>;

/** The facts, and all of them as one text, by which equal ones are known. */
export interface ReadFacts {
  facts: CalendarFacts;
  text: string;
}

/** The statement with its values, under the name by which PostgreSQL knows its plan. */
export function factsQuery(listingId: string, dates: Nights) {
  const around = { from: addDays(dates.from, -MAX_PREPARATION), to: addDays(dates.to, MAX_PREPARATION) };
  return { name: 'calendar_facts', text: STATEMENT, values: [listingId, rangeOf(dates), rangeOf(around)] };
}

export async function findFacts(
  pool: pg.Pool,
  listingId: string,
  dates: Nights,
): Promise<ReadFacts | undefined> {
  const { rows: found } = await pool.query<FactsRow>(factsQuery(listingId, dates));
  const row = found[0];
  if (!row) return undefined;
  const { settings, seasons, blocks, taken, ...listing } = row;
  const facts: CalendarFacts = {
    ...listing,
    settings: JSON.parse(settings),
    seasons: JSON.parse(seasons),
    blocks: JSON.parse(blocks),
    taken: JSON.parse(taken),
  };
  return { facts, text: JSON.stringify(row) };
}
