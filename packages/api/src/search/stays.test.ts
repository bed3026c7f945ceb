import { addDays, nightsBetween } from '@sojourn/shared/nights';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { randomCalendar, type StoredCalendar, storeCalendars } from '../../test/random-calendars.ts';
import {
  pick,
  type Random,
  randomListing,
  randomOf,
  type StoredListing,
  storeListings,
  whole,
} from '../../test/random-listings.ts';
import type { Db } from '../platform/context.ts';
import { openPool } from '../platform/db/connect.ts';
import type { DB as Database } from '../platform/db/rows.ts';
import { openLog } from '../platform/log.ts';
import { bookableAt } from '../pricing/model/bookable.ts';
import type { Rulebook, StayFacts, TaxRule } from '../pricing/model/facts.ts';
import { priceStay } from '../pricing/model/price.ts';
import { boxBetween } from './model/grid.ts';
import { type Plan, planFor } from './model/plan.ts';
import type { Area, Filters, Position, Search, Sort, Stay } from './model/search.ts';
import { countFacets } from './repository/count-facets.ts';
import { findPage } from './repository/find-page.ts';

// Search by dates against the pricing itself: every listing is asked whether it can be booked, and what it costs.

const HOST = '01900000-0000-7000-8000-000000000001';
const LISTINGS = 1_000;
const TODAY = '2027-03-10';
const BPS = 1_420;

let database: TestDatabase;
let pool: pg.Pool;
let db: Db;
let all: { listing: StoredListing; calendar: StoredCalendar }[];
let taxRules: TaxRule[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const owner = new pg.Client(database.url);
  await owner.connect();
  await owner.query(
    `insert into users (id, email, password_hash, display_name, created_at, updated_at)
     values ('${HOST}', 'host@example.com', '', 'Host', '2026-01-01', '2026-01-01')`,
  );
  await owner.query('delete from fee_schedules');
  await owner.query('delete from tax_rules');
  await owner.query(
    `insert into fee_schedules (id, name, mode, host_fee_bps, guest_fee_bps, effective_from, created_at)
     values (gen_random_uuid(), 'Old', 'split', 300, 900, '2020-01-01', '2020-01-01'),
       (gen_random_uuid(), 'Standard', 'split', 300, ${BPS}, '2027-01-01', '2020-01-01'),
       (gen_random_uuid(), 'Later', 'hostOnly', 1550, 0, '2030-01-01', '2020-01-01')`,
  );
  await owner.end();
  pool = await openPool(database.url, 4, openLog('silent'));
  db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const random = randomOf(11);
  all = Array.from({ length: LISTINGS }, () => ({
    // Two towns only, so that many compete; and few prices, so that the id has to decide.
    listing: {
      ...randomListing(random),
      latitude: 40 + random() * 0.3,
      longitude: (random() < 0.7 ? -73 : 12) + random() * 0.3,
    },
    calendar: randomCalendar(random, TODAY),
  }));
  await storeListings(
    pool,
    HOST,
    all.map(({ listing }) => listing),
  );
  for (let first = 0; first < LISTINGS; first += 100)
    await storeCalendars(pool, HOST, random, all.slice(first, first + 100));
}, 60_000);
afterAll(async () => {
  const { rows } = await pool.query('select * from listing_search_differences()');
  await db.destroy();
  await database.drop();
  expect(rows).toEqual([]);
});

const rulebook = (): Rulebook => ({
  feeSchedules: [
    {
      id: HOST,
      name: 'Standard',
      mode: 'split',
      hostFeeBps: 300,
      guestFeeBps: BPS,
      effectiveFrom: new Date('2027-01-01'),
      createdAt: new Date('2020-01-01'),
    },
  ],
  policies: ['moderate', 'firmLongTerm'].map((key) => ({
    id: HOST,
    key,
    name: key,
    rules: {
      steps: [],
      late: { nights: 0, percentOfRest: 0 },
      during: { nights: 0, percentOfRest: 0 },
      grace: null,
    },
    effectiveFrom: new Date('2020-01-01'),
    createdAt: new Date('2020-01-01'),
  })),
  taxRules,
});

function factsOf({
  listing,
  calendar: { terms, settings, seasons, taken },
}: (typeof all)[number]): StayFacts {
  const { id, status, address, capacity, instantBook, currency, price } = listing;
  return {
    listing: {
      ...terms,
      id,
      hostId: HOST,
      published: status === 'published',
      country: address.country,
      region: address.region,
      city: address.city,
      capacity,
      instantBook,
      currency,
      basePrice: price,
    },
    settings,
    seasons,
    taken: taken.toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    rulebook: rulebook(),
  };
}

const BOX = {
  kind: 'box',
  box: boxBetween({ west: -73.05, east: -72.6, south: 39.9, north: 40.4 }),
} as const;
const AREAS: Area[] = [
  BOX,
  { kind: 'everywhere' },
  { kind: 'box', box: boxBetween({ west: -100, east: 40, south: 0, north: 60 }) },
];
const isInside = (area: Area, { latitude, longitude }: StoredListing) =>
  area.kind === 'everywhere' || area !== BOX || (longitude < 0 && Math.abs(latitude) < 90);

interface Found {
  id: string;
  total: number;
}

/** What search must find, in no order. */
function bruteStays(
  { filters, area, sort }: Search,
  leftOut: readonly string[] = [],
): (Found & { listing: StoredListing })[] {
  const { checkIn, checkOut, guests, now } = filters.stay!;
  const wanted = { checkIn, checkOut, guests, pets: 0, nonRefundable: false };
  return all.flatMap((one) => {
    const { listing } = one;
    const compares = filters.minPrice !== undefined || filters.maxPrice !== undefined || sort === 'price';
    if (!isInside(area, listing) || listing.capacity < (filters.guests ?? 0)) return [];
    if (compares && listing.currency !== filters.currency) return [];
    if (filters.roomTypes && !leftOut.includes('roomTypes') && !filters.roomTypes.includes(listing.roomType))
      return [];
    const facts = factsOf(one);
    if (!bookableAt(facts, now)(wanted)) return [];
    const { total } = priceStay(facts, wanted, now);
    const fits =
      leftOut.includes('price') ||
      (total >= (filters.minPrice ?? 0) && total <= (filters.maxPrice ?? Number.MAX_SAFE_INTEGER));
    return fits ? [{ id: listing.id, total, listing }] : [];
  });
}

const byTotal = (a: Found, b: Found) => a.total - b.total || (a.id < b.id ? -1 : 1);
const found = ({ id, total }: Found) => ({ id, total });

function randomStay(random: Random): Stay {
  const near = random() < 0.4;
  const checkIn = addDays(TODAY, near ? whole(random, -1, 4) : whole(random, 5, 290));
  const nights = pick(random, [1, 2, 2, 3, 5, 7, 10, 14, 28, 31]);
  const hour = String(whole(random, 0, 23)).padStart(2, '0');
  return {
    checkIn,
    checkOut: addDays(checkIn, nights),
    nights,
    guests: 1,
    now: new Date(`${TODAY}T${hour}:30:00Z`),
  };
}

function randomSearch(random: Random, sort: Sort): Search {
  const guests = random() < 0.6 ? whole(random, 1, 6) : undefined;
  const stay = { ...randomStay(random), guests: guests ?? 1 };
  const maybe = <T>(share: number, value: () => T) => (random() < share ? value() : undefined);
  const minPrice = maybe(0.2, () => stay.nights * whole(random, 1, 12) * 1_000);
  const maxPrice = maybe(0.3, () => stay.nights * whole(random, 8, 30) * 1_000 + 20_000);
  const filters: Filters = {
    guests,
    stay,
    minPrice,
    maxPrice: maxPrice !== undefined && maxPrice > (minPrice ?? 0) ? maxPrice : undefined,
    currency: 'USD',
    roomTypes: maybe(0.2, () => ['entirePlace', 'privateRoom'] as const),
  };
  if (filters.minPrice === undefined && filters.maxPrice === undefined && sort !== 'price')
    delete filters.currency;
  return { filters, area: pick(random, AREAS), sort };
}

/** The pages of a list, at most so many. */
async function readPages(
  search: Search,
  limit: number,
  pages: number,
  plan = planFor(search),
): Promise<Found[]> {
  const stays: Found[] = [];
  let after: Position | undefined;
  for (let page = 0; page < pages; page++) {
    const { listings } = await findPage(db, search, { limit, after }, plan);
    stays.push(...listings.slice(0, limit).map(({ id, stay }) => ({ id, total: stay!.total.amount })));
    if (listings.length <= limit) break;
    after = listings[limit - 1]!.position;
  }
  return stays;
}
const readAll = (search: Search, limit: number, plan?: Plan) => readPages(search, limit, LISTINGS, plan);

const searches = (seed: number, number: number, sort: Sort) => {
  const random = randomOf(seed);
  return Array.from({ length: number }, () => randomSearch(random, sort));
};

describe('the cheapest stays are those of the pricing', () => {
  test.each([1, 2, 3])(
    'the first pages of them, in order, without gap or repeat (%i)',
    async (seed) => {
      const random = randomOf(seed + 100);
      let results = 0;
      for (const search of searches(seed, 30, 'price')) {
        const expected = bruteStays(search).sort(byTotal).map(found);
        results += expected.length;
        const limit = pick(random, [1, 3, 20, 50]);
        const pages = 8;
        expect(await readPages(search, limit, pages, 'bounded'), JSON.stringify(search)).toEqual(
          expected.slice(0, pages * limit),
        );
      }
      expect(results).toBeGreaterThan(1_000);
    },
    60_000,
  );

  test('whichever way they are read', async () => {
    for (const search of searches(7, 20, 'price'))
      expect(await readAll(search, 50, 'gathered')).toEqual(await readAll(search, 50, 'bounded'));
  }, 60_000);

  test('with taxes', async () => {
    const rule = {
      name: 'City tax',
      region: null,
      city: null,
      bps: null,
      amount: null,
      currency: null,
      inclusive: false,
      maxNights: null,
      effectiveFrom: new Date('2020-01-01'),
      effectiveUntil: null,
      createdAt: new Date('2020-01-01'),
    };
    const rules = [
      { ...rule, country: 'us', region: 'ny', kind: 'percent', bps: 587 },
      {
        ...rule,
        country: 'US',
        city: 'BROOKLYN',
        kind: 'perGuestNight',
        amount: 350,
        currency: 'USD',
        maxNights: 6,
      },
      { ...rule, country: 'ZA', kind: 'perNight', amount: 111, currency: 'EUR' },
      { ...rule, country: 'ZA', kind: 'percent', bps: 1_500, inclusive: true },
      { ...rule, country: 'FJ', kind: 'percent', bps: 900, effectiveUntil: new Date('2027-01-01') },
    ] as const;
    taxRules = rules.map((one) => ({ ...one, id: HOST }));
    await pool.query(
      `insert into tax_rules (id, name, country, region, city, kind, bps, amount, currency, inclusive, max_nights, effective_from, effective_until, created_at)
       select gen_random_uuid(), name, country, region, city, kind, bps, amount, currency, inclusive, "maxNights", "effectiveFrom", "effectiveUntil", now()
       from jsonb_to_recordset($1::jsonb) as r (name text, country text, region text, city text, kind text, bps integer, amount bigint,
         currency text, inclusive boolean, "maxNights" integer, "effectiveFrom" timestamptz, "effectiveUntil" timestamptz)`,
      [JSON.stringify(rules)],
    );
    for (const search of searches(8, 20, 'price'))
      expect(await readAll(search, 100)).toEqual(bruteStays(search).sort(byTotal).map(found));
    await pool.query('delete from tax_rules');
    taxRules = [];
  }, 60_000);
});

describe('with dates', () => {
  test.each(['relevance', 'rating'] as const)(
    'only what can be booked is found, by %s',
    async (sort) => {
      for (const search of searches(9, 20, sort)) {
        const expected = bruteStays(search).map(found);
        const plans: Plan[] =
          search.area.kind !== 'everywhere' && sort === 'relevance'
            ? ['merged', 'sorted', 'gathered']
            : ['sorted', 'gathered'];
        const results = await Promise.all(plans.map((plan) => readAll(search, 40, plan)));
        expect(results[0]!.toSorted(byTotal)).toEqual(expected.toSorted(byTotal));
        for (const other of results) expect(other).toEqual(results[0]);
      }
    },
    60_000,
  );

  test('the count is of what can be booked', async () => {
    for (const search of searches(10, 30, 'price')) {
      const { count } = await findPage(db, search, { limit: 1 });
      expect(count).toBe(Math.min(1_001, bruteStays(search).length));
    }
  });

  test('facets count what can be booked, prices by the total', async () => {
    for (const search of searches(12, 15, 'price')) {
      const facets = await countFacets(db, search.filters, search.area, 'USD');
      const byType = Map.groupBy(bruteStays(search, ['roomTypes']), ({ listing }) => listing.roomType);
      expect(Object.fromEntries(facets.roomTypes)).toEqual(
        Object.fromEntries([...byType].map(([type, stays]) => [type, stays.length])),
      );
      const { step, last, counts } = facets.prices;
      const inSteps = Map.groupBy(bruteStays(search, ['price']), ({ total }) =>
        Math.min(last, Math.floor(total / step)),
      );
      expect(Object.fromEntries(counts)).toEqual(
        Object.fromEntries([...inSteps].map(([at, stays]) => [at, stays.length])),
      );
    }
  });

  test('the average is the total by the nights', async () => {
    const [search] = searches(13, 1, 'price');
    const { listings } = await findPage(db, search!, { limit: 5 });
    for (const { stay } of listings) {
      expect(stay!.nights).toBe(nightsBetween(stay!.checkIn, stay!.checkOut));
      expect(Math.abs(stay!.nightlyAverage.amount * stay!.nights - stay!.total.amount)).toBeLessThanOrEqual(
        stay!.nights / 2,
      );
    }
  });
});
