import { addDays, WEEKDAYS } from '@sojourn/shared/nights';
import type pg from 'pg';
import type { DateSetting, ListingFacts, SeasonRange, TakenNights } from '../src/pricing/model/facts.ts';
import { pick, type Random, randomId, type StoredListing, whole } from './random-listings.ts';

/** What decides about stays in a listing, as the pricing knows it. */
export interface StoredCalendar {
  terms: Omit<
    ListingFacts,
    | 'id'
    | 'hostId'
    | 'published'
    | 'country'
    | 'region'
    | 'city'
    | 'capacity'
    | 'instantBook'
    | 'currency'
    | 'basePrice'
  >;
  settings: DateSetting[];
  seasons: SeasonRange[];
  taken: TakenNights[];
}

const ZONES = [
  'UTC',
  'America/New_York',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
];

/** A calendar with a bit of everything, around a date. */
export function randomCalendar(random: Random, today: string): StoredCalendar {
  const maybe = <T>(share: number, value: () => T) => (random() < share ? value() : null);
  const percent = () => pick(random, [0, 3, 7, 15, 33, 90]);
  const early = maybe(0.2, () => ({ days: whole(random, 0, 90), percent: percent() + 1 }));
  const late = maybe(0.2, () => ({ days: whole(random, 0, 30), percent: percent() - 1 }));
  const minNights = pick(random, [1, 1, 1, 2, 3, 7]);
  const preparationNights = pick(random, [0, 0, 1, 3]);
  const plain = random() < 0.3;
  return {
    terms: {
      timeZone: pick(random, ZONES),
      checkInFrom: pick(random, ['00:00', '01:30', '15:00', '23:45']),
      checkOutBy: '11:00',
      petsAllowed: true,
      weekendPrice: maybe(0.4, () => whole(random, 1_000, 30_000)),
      cleaningFee: maybe(0.6, () => whole(random, 0, 12_000)),
      extraGuestFee: maybe(0.3, () => whole(random, 1, 3_333)),
      petFee: maybe(0.2, () => 5_000),
      includedGuests: maybe(0.4, () => whole(random, 1, 4)),
      weeklyDiscountPercent: random() < 0.3 ? percent() : 0,
      monthlyDiscountPercent: random() < 0.3 ? percent() : 0,
      earlyBirdDays: early?.days ?? null,
      earlyBirdPercent: early && Math.min(early.percent, 90),
      lastMinuteDays: late?.days ?? null,
      lastMinutePercent: late && Math.max(late.percent, 1),
      nonRefundableDiscountPercent: maybe(0.2, () => 10),
      minNights,
      maxNights: pick(random, [7, 28, 90, 1_125]),
      arrivalMinNights: Object.fromEntries(
        WEEKDAYS.filter(() => random() < 0.1).map((weekday) => [weekday, whole(random, 1, 5)]),
      ),
      advanceNoticeHours: pick(random, [0, 0, 2, 24, 72]),
      bookingWindowDays: pick(random, [60, 180, 365, 1_095]),
      preparationNights,
      cancellationPolicy: 'moderate',
      longStayPolicy: 'firmLongTerm',
    },
    settings: plain
      ? []
      : ranges(random, today, 40, 12).map((range) => ({
          ...range,
          price: maybe(0.6, () => whole(random, 800, 40_000)),
          minNights: maybe(0.2, () => whole(random, 1, 4)),
          maxNights: maybe(0.1, () => whole(random, 2, 30)),
          closedToArrival: maybe(0.1, () => true),
          closedToDeparture: maybe(0.1, () => true),
        })),
    seasons: plain
      ? []
      : ranges(random, today, 60, 45).map((range) => ({
          ...range,
          price: maybe(0.7, () => whole(random, 800, 40_000)),
          weekendPrice: maybe(0.4, () => whole(random, 800, 50_000)),
          minNights: maybe(0.3, () => whole(random, 1, 4)),
          maxNights: maybe(0.1, () => whole(random, 2, 30)),
        })),
    taken: randomTaken(random, today, preparationNights),
  };
}

/** Ranges in order that do not overlap, some of them side by side. */
function ranges(random: Random, today: string, gap: number, length: number) {
  const found: { from: string; to: string }[] = [];
  let from = addDays(today, whole(random, -20, gap));
  while (from < addDays(today, 300) && random() < 0.9) {
    const to = addDays(from, whole(random, 1, length));
    found.push({ from, to });
    from = addDays(to, random() < 0.3 ? 0 : whole(random, 1, gap));
  }
  return found;
}

function randomTaken(random: Random, today: string, preparationNights: number): TakenNights[] {
  const taken: TakenNights[] = [];
  const gap = pick(random, [6, 20, 60]);
  let free = addDays(today, -10);
  let prepared = free;
  while (free < addDays(today, 300)) {
    const kind = pick(random, ['booking', 'hold', 'booking', 'block', 'feed'] as const);
    const stays = kind === 'booking' || kind === 'hold';
    const earliest = stays && prepared > free ? prepared : free;
    const from = addDays(earliest, whole(random, 0, gap));
    const to = addDays(from, whole(random, 1, 9));
    // The listing may have asked for another number of nights when the stay was booked.
    const nights = stays ? (random() < 0.8 ? preparationNights : whole(random, 0, 2)) : 0;
    taken.push({ from, to, kind, preparationNights: nights });
    free = to;
    if (stays) prepared = addDays(to, nights);
  }
  return taken;
}

const TERMS = {
  time_zone: 'timeZone', check_in_from: 'checkInFrom', weekend_price: 'weekendPrice', cleaning_fee: 'cleaningFee',
  extra_guest_fee: 'extraGuestFee', pet_fee: 'petFee', included_guests: 'includedGuests',
  weekly_discount_percent: 'weeklyDiscountPercent', monthly_discount_percent: 'monthlyDiscountPercent',
  early_bird_days: 'earlyBirdDays', early_bird_percent: 'earlyBirdPercent', last_minute_days: 'lastMinuteDays',
  last_minute_percent: 'lastMinutePercent', non_refundable_discount_percent: 'nonRefundableDiscountPercent',
  min_nights: 'minNights', max_nights: 'maxNights', arrival_min_nights: 'arrivalMinNights',
  advance_notice_hours: 'advanceNoticeHours', booking_window_days: 'bookingWindowDays', preparation_nights: 'preparationNights',
} as const satisfies Record<string, keyof StoredCalendar['terms']>; // biome-ignore format: a table reads better than a column

/** Gives listings that are stored already their calendars, in place of those they had. */
export async function storeCalendars(
  db: pg.Pool,
  hostId: string,
  random: Random,
  calendars: readonly { listing: StoredListing; calendar: StoredCalendar }[],
): Promise<void> {
  const of = (key: 'settings' | 'seasons') =>
    calendars.flatMap(({ listing, calendar }) =>
      calendar[key].map((row) => ({ ...row, id: randomId(random), listing: listing.id })),
    );
  const taken = calendars.flatMap(({ listing, calendar }) =>
    calendar.taken.map((row) => ({
      ...row,
      id: randomId(random),
      listing: listing.id,
      booking: row.kind === 'booking' || row.kind === 'hold' ? randomId(random) : null,
    })),
  );
  const client = await db.connect();
  const run = (text: string, rows: unknown[]) => client.query(text, [JSON.stringify(rows)]);
  const ids = calendars.map(({ listing }) => listing.id);
  try {
    await client.query('begin');
    for (const table of ['occupied_nights', 'calendar_settings', 'seasons', 'bookings'])
      await client.query(`delete from ${table} where listing_id = any($1::uuid[])`, [ids]);
    await run(
      `update listings set ${Object.entries(TERMS).map(([column, name]) => `${column} = r."${name}"`)}
       from jsonb_to_recordset($1::jsonb) as r (id uuid, "timeZone" text, "checkInFrom" text, "weekendPrice" bigint,
         "cleaningFee" bigint, "extraGuestFee" bigint, "petFee" bigint, "includedGuests" integer,
         "weeklyDiscountPercent" smallint, "monthlyDiscountPercent" smallint, "earlyBirdDays" smallint,
         "earlyBirdPercent" smallint, "lastMinuteDays" smallint, "lastMinutePercent" smallint,
         "nonRefundableDiscountPercent" smallint, "minNights" integer, "maxNights" integer, "arrivalMinNights" jsonb,
         "advanceNoticeHours" smallint, "bookingWindowDays" smallint, "preparationNights" smallint)
       where listings.id = r.id`,
      calendars.map(({ listing, calendar }) => ({ id: listing.id, ...calendar.terms })),
    );
    await run(
      `insert into calendar_settings (listing_id, dates, price, min_nights, max_nights, closed_to_arrival, closed_to_departure, note)
       select listing, daterange("from", "to"), price, "minNights", "maxNights", "closedToArrival", "closedToDeparture", 'x'
       from jsonb_to_recordset($1::jsonb) as r (listing uuid, "from" date, "to" date, price bigint, "minNights" integer,
         "maxNights" integer, "closedToArrival" boolean, "closedToDeparture" boolean)`,
      of('settings'),
    );
    await run(
      `insert into seasons (id, listing_id, name, dates, price, weekend_price, min_nights, max_nights)
       select id, listing, 'Season', daterange("from", "to"), price, "weekendPrice", "minNights", "maxNights"
       from jsonb_to_recordset($1::jsonb) as r (id uuid, listing uuid, "from" date, "to" date, price bigint,
         "weekendPrice" bigint, "minNights" integer, "maxNights" integer)`,
      of('seasons'),
    );
    const row = `(id uuid, listing uuid, booking uuid, kind text, "from" date, "to" date, "preparationNights" smallint)`;
    await client.query(
      `insert into bookings (id, quote_id, listing_id, host_id, guest_id, status, instant, check_in, check_out, guests, pets,
         check_in_at, check_out_at, terms, currency, total, hold_expires_at, created_at, updated_at)
       select booking, gen_random_uuid(), listing, $2, $2, case kind when 'hold' then 'held' else 'confirmed' end, true,
         "from", "to", 1, 0, "from", "to", '{}', 'USD', 0, "from", "from", "from"
       from jsonb_to_recordset($1::jsonb) as r ${row} where booking is not null`,
      [JSON.stringify(taken), hostId],
    );
    await run(
      `insert into occupied_nights (id, listing_id, kind, nights, preparation_nights, booking_id)
       select id, listing, kind, daterange("from", "to"), "preparationNights", booking
       from jsonb_to_recordset($1::jsonb) as r ${row}`,
      taken,
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
