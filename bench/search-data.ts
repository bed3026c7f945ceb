import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AMENITIES, PROPERTY_TYPES, ROOM_TYPES } from '@sojourn/shared/vocabulary';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const CITIES = 300;
const WORDS = 4_000;
const HOST = '01900000-0000-7000-8000-000000000001';

export interface City {
  name: string;
  latitude: number;
  longitude: number;
  /** Standard deviation of its listings around the centre, in degrees. */
  spread: number;
  /** Share of all listings that lie in this or a bigger city. */
  upTo: number;
  medianPrice: number;
}

export type Random = () => number;

/** Mulberry32: small, fast and the same everywhere, so that two runs measure the same data. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const gaussian = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

/** Cities whose sizes follow Zipf's law: the biggest holds a sixth of all listings. */
export function cities(): City[] {
  const random = randomOf(1);
  const total = Array.from({ length: CITIES }, (_, i) => 1 / (i + 1)).reduce((sum, share) => sum + share);
  let upTo = 0;
  return Array.from({ length: CITIES }, (_, i) => {
    upTo += 1 / (i + 1) / total;
    return {
      name: `City ${i + 1}`,
      latitude: random() * 110 - 45,
      // Away from the date line, where few towns are.
      longitude: random() * 340 - 170,
      spread: 0.03 + random() * 0.12,
      upTo,
      medianPrice: 60 + random() * 200,
    };
  });
}

export function pickCity(random: Random, all: readonly City[]): City {
  const share = random();
  return all.find(({ upTo }) => share < upTo) ?? all.at(-1)!;
}

const COLUMNS = [
  'id', 'host_id', 'external_id', 'status', 'title', 'description', 'property_type', 'room_type', 'capacity', 'bedrooms', 'beds', 'bathrooms',
  'amenities', 'tags', 'house_rules', 'latitude', 'longitude', 'address', 'time_zone', 'currency', 'base_price', 'min_nights', 'max_nights',
  'check_in_from', 'check_out_by', 'languages', 'cancellation_policy', 'instant_book', 'content_hash', 'rating', 'review_count',
  'created_at', 'updated_at', 'weekend_price', 'cleaning_fee', 'extra_guest_fee', 'included_guests', 'weekly_discount_percent',
  'monthly_discount_percent', 'last_minute_days', 'last_minute_percent',
]; // biome-ignore format: in the order of the values below

/** Appends listings number `first` to `last` with COPY, in transactions of `batch` rows. */
export async function copyListings(
  client: pg.Client,
  first: number,
  last: number,
  batch = 1_000,
): Promise<void> {
  await client.query(
    `insert into users (id, email, password_hash, display_name, created_at, updated_at)
     values ($1, 'host@example.com', '', 'Host', '2026-01-01', '2026-01-01') on conflict do nothing`,
    [HOST],
  );
  for (let from = first; from <= last; from += batch) {
    const copy = client.query(copyFrom(`copy listings (${COLUMNS}) from stdin`));
    await pipeline(Readable.from(lines(from, Math.min(last, from + batch - 1))), copy);
  }
}

/**
 * Fills the calendars with stays over two years, the nearer the fuller, and gives every third listing prices by the week.
 * Into the search rows themselves, where they are read from: as bookings, a million listings would take hours.
 *
 * @param today the first day
 */
export async function fillCalendars(client: pg.Client, today: string): Promise<void> {
  await client.query('select setseed(0.5)');
  await client.query(
    `update listing_search_stays as s set busy = (
       select range_agg(daterange(day, day + 2 + (random() * 5)::integer))
       from (select $1::date + number * 14 + (random() * 7)::integer as day from generate_series(0, 52) as number
         where s.listing_id is not null and random() < 0.9 - 0.014 * number) as days)`,
    [today],
  );
  await client.query(
    `update listing_search_stays as s
     set price_steps = steps.days, step_prices = steps.prices, least_step_price = (select min(price) from unnest(steps.prices) as price)
     from (
       select listing_id, array_agg(day order by day) as days, array_agg((base_price * (0.8 + random()))::bigint order by day) as prices
       from listing_search_stays cross join generate_series($1::date - '1970-01-01', $1::date - '1970-01-01' + 730, 7) as day
       where hashtext(listing_id::text) % 3 = 0
       group by listing_id) as steps
     where steps.listing_id = s.listing_id`,
    [today],
  );
  await client.query(
    `update listing_search as s set price_floor = stays.price_floor
     from listing_search_stays as stays
     where stays.listing_id = s.listing_id and stays.price_floor <> s.price_floor`,
  );
}

function* lines(first: number, last: number): Generator<string> {
  const all = cities();
  const random = randomOf(first);
  const words = vocabulary();
  // Words, too, follow Zipf's law, roughly.
  const text = (count: number) =>
    Array.from({ length: count }, () => words[Math.floor(random() ** 3 * WORDS)]!).join(' ');
  for (let number = first; number <= last; number++) {
    const city = pickCity(random, all);
    const rank = all.indexOf(city);
    const rated = random() < 0.7;
    const price = 100 * Math.max(10, Math.round(city.medianPrice * Math.exp(0.6 * gaussian(random))));
    const lastMinute = random() < 0.2;
    const address = {
      line1: `${number} Street`,
      neighbourhood: `Quarter ${rank * 10 + Math.floor(random() * 15)}`,
      city: city.name,
      region: `Region ${rank % 60}`,
      postalCode: '10001',
      country: ['US', 'FR', 'DE', 'BR', 'JP'][rank % 5],
    };
    const values = [
      `019a0000-${(number >>> 16).toString(16).padStart(4, '0')}-7000-8000-${(number & 0xffff).toString(16).padStart(12, '0')}`,
      HOST,
      number,
      'published',
      text(4 + (number % 5)),
      text(40 + (number % 80)),
      pick(random, PROPERTY_TYPES),
      ROOM_TYPES[Math.floor(random() ** 2 * ROOM_TYPES.length)],
      1 + Math.floor(random() ** 2 * 12),
      Math.floor(random() * 5),
      1 + Math.floor(random() * 6),
      Math.floor(random() * 6) / 2,
      `{${AMENITIES.filter((_, i) => random() < 0.9 / (1 + i / 12))}}`,
      `{${text(1)}}`,
      '{"pets":null,"smoking":null,"events":null,"notes":""}',
      Math.min(89, Math.max(-89, city.latitude + city.spread * gaussian(random))),
      ((city.longitude + city.spread * gaussian(random) + 540) % 360) - 180,
      JSON.stringify(address),
      'UTC',
      random() < 0.9 ? 'USD' : 'EUR',
      price,
      1,
      30,
      '15:00',
      '11:00',
      '{}',
      'moderate',
      random() < 0.5,
      '\\\\x00',
      rated ? (5 - random() ** 3 * 3).toFixed(2) : '\\N',
      rated ? 3 + Math.floor(random() ** 4 * 300) : 0,
      '2026-01-01',
      '2026-01-01',
      random() < 0.3 ? Math.round(price * 1.2) : '\\N',
      random() < 0.7 ? 100 * Math.round((price * (0.2 + random())) / 100) : '\\N',
      1_500,
      random() < 0.3 ? 2 : '\\N',
      random() < 0.3 ? 10 : 0,
      random() < 0.3 ? 25 : 0,
      lastMinute ? 7 : '\\N',
      lastMinute ? 15 : '\\N',
    ];
    yield `${values.join('\t')}\n`;
  }
}

function vocabulary(): string[] {
  const random = randomOf(2);
  return Array.from({ length: WORDS }, () =>
    Array.from({ length: 3 + Math.floor(random() * 6) }, () =>
      pick(random, [...'abcdefghijklmnopqrstuvwxyz']),
    ).join(''),
  );
}
