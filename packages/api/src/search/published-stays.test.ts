import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { addDays } from '@sojourn/shared/nights';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callerOf } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';

// Which stays are to be had in published calendars, and what they cost, as counted by others.

const folder = path.join(import.meta.dirname, '../../../../../shared/data');
const BATCH = 250;

interface StayQuery {
  check_in: string;
  check_out: string;
  nights: number;
  available_all_nights: number;
  and_length_allowed_on_arrival_day?: number;
  cheapest_total: string;
  median_total: string;
  dearest_total: string;
}
/** A date of a calendar; prices in cents. */
interface Day {
  date: string;
  available: boolean;
  price: number | null;
  min: number | null;
  max: number | null;
}
interface Span {
  listing: string;
  from: string;
  to: string;
}

async function calendarsOf(file: string): Promise<Map<string, Day[]>> {
  const text = String(await promisify(gunzip)(await readFile(path.join(folder, file))));
  const calendars = new Map<string, Day[]>();
  for (const line of text.trimEnd().split('\n').slice(1)) {
    // The only commas within a cell are those of thousands.
    const cells = line
      .trimEnd()
      .replaceAll(/"([^"]*)"/g, (_, cell: string) => cell.replaceAll(',', ''))
      .split(',');
    const [listing, date, available, price] = cells as [string, string, string, string];
    const [min, max] = cells.length > 5 ? [Number(cells[5]), Number(cells[6])] : [null, null];
    const cents = price === '' ? null : Math.round(Number(price.replace('$', '')) * 100);
    const days = calendars.get(listing) ?? [];
    days.push({ date, available: available === 't', price: cents, min, max });
    calendars.set(listing, days);
  }
  for (const days of calendars.values()) days.sort((a, b) => (a.date < b.date ? -1 : 1));
  return calendars;
}

/** Days that follow each other and say the same, as ranges. */
function spansOf<T extends object>(
  listing: string,
  days: readonly Day[],
  said: (day: Day) => T | undefined,
): (Span & T)[] {
  const spans: (Span & T)[] = [];
  for (const day of days) {
    const value = said(day);
    if (!value) continue;
    const last = spans.at(-1);
    const same =
      last &&
      last.to === day.date &&
      Object.entries(value).every(([name, one]) => last[name as keyof T] === one);
    if (same) last.to = addDays(day.date, 1);
    else spans.push({ listing, from: day.date, to: addDays(day.date, 1), ...value });
  }
  return spans;
}

const cities = [
  { name: 'albany-2024-11', now: '2024-11-05T12:00:00Z', zone: 'America/New_York' },
  { name: 'seattle-2016-01', now: '2016-01-04T12:00:00Z', zone: 'America/Los_Angeles' },
];

describe.each(cities)('the stays of $name', ({ name, now, zone }) => {
  const file = `inside-airbnb/${name}/calendar.csv.gz`;
  let server: TestServer;
  let owner: pg.Client;
  let queries: StayQuery[];
  let calendars: Map<string, Day[]>;
  let ids: Map<string, string>;

  beforeAll(async () => {
    server = await startTestServer({}, { clock: { now: () => new Date(now) } });
    owner = new pg.Client(server.databaseUrl);
    await owner.connect();
    await owner.query('update fee_schedules set host_fee_bps = 0, guest_fee_bps = 0');
    queries = JSON.parse(await readFile(path.join(folder, 'profile.json'), 'utf8'))[file].stay_queries;
    calendars = await calendarsOf(file);
    const { rows } = await owner.query<{ id: string; number: string }>(
      `insert into listings (id, host_id, external_id, status, title, description, property_type, room_type, capacity, amenities, tags,
         house_rules, latitude, longitude, address, time_zone, currency, base_price, min_nights, max_nights, check_in_from,
         check_out_by, languages, cancellation_policy, instant_book, content_hash, created_at, updated_at)
       select gen_random_uuid(), (select id from users where role = 'user'), number, 'published', 'A room', 'Quiet', 'other',
         'privateRoom', 2, '{}', '{}', '{}', 42.65, -73.75, '{}', $2, 'USD', 5000, 1, 1125, '15:00', '11:00', '{}', 'moderate',
         false, '', '2015-01-01', '2015-01-01'
       from unnest($1::text[]) as number returning id, external_id as number`,
      [[...calendars.keys()], zone],
    );
    ids = new Map(rows.map(({ id, number }) => [number, id]));
    await writeInBatches(
      `insert into occupied_nights (id, listing_id, kind, nights)
      select gen_random_uuid(), listing, 'block', daterange("from", "to")`,
      ({ available }) => (available ? undefined : {}),
    );
    await writeInBatches(
      `insert into calendar_settings (listing_id, dates, price) select listing, daterange("from", "to"), price`,
      ({ price }) => (price === null ? undefined : { price }),
    );
  }, 120_000);
  afterAll(async () => {
    const { rows } = await owner.query('select count(*)::integer as wrong from listing_search_differences()');
    await owner.end();
    await server.stop();
    expect(rows).toEqual([{ wrong: 0 }]);
  }, 60_000);

  async function writeInBatches(statement: string, said: (day: Day) => object | undefined) {
    const all = [...calendars];
    for (let first = 0; first < all.length; first += BATCH) {
      const spans = all
        .slice(first, first + BATCH)
        .flatMap(([number, days]) => spansOf(ids.get(number)!, days, said));
      await owner.query(
        `${statement} from jsonb_to_recordset($1::jsonb) as r (listing uuid, "from" date, "to" date, price bigint, min integer, max integer)`,
        [JSON.stringify(spans)],
      );
    }
  }

  async function totalsOf({ check_in, check_out }: StayQuery): Promise<number[]> {
    const totals: number[] = [];
    let cursor = '';
    do {
      const { status, body, text } = await callerOf(server)(
        'GET',
        `/v1/search?checkIn=${check_in}&checkOut=${check_out}&sort=price&currency=USD&limit=100${cursor}`,
      );
      expect(status, text).toBe(200);
      totals.push(...body.data.map(({ stay }: { stay: { total: { amount: number } } }) => stay.total.amount));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    return totals;
  }

  test('are all that are free, at the published totals', async () => {
    for (const query of queries) {
      const totals = await totalsOf(query);
      const middle = totals.length >> 1;
      const median = totals.length % 2 === 1 ? totals[middle]! : (totals[middle - 1]! + totals[middle]!) / 2;
      expect({ free: totals.length, totals: [totals[0], median, totals.at(-1)] }).toEqual({
        free: query.available_all_nights,
        totals: [query.cheapest_total, query.median_total, query.dearest_total].map((text) =>
          Math.round(Number(text) * 100),
        ),
      });
    }
  }, 120_000);

  test('are fewer where the day of arrival asks for other lengths', async () => {
    const limited = queries.filter((query) => query.and_length_allowed_on_arrival_day !== undefined);
    if (limited.length === 0) return;
    await owner.query('delete from calendar_settings');
    await writeInBatches(
      `insert into calendar_settings (listing_id, dates, price, min_nights, max_nights) select listing, daterange("from", "to"), price, min, max`,
      ({ price, min, max }) => ({ price, min, max }),
    );
    for (const query of limited)
      expect(await totalsOf(query)).toHaveLength(query.and_length_allowed_on_arrival_day!);
  }, 120_000);
});
