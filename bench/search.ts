import { addDays } from '@sojourn/shared/nights';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Db } from '../packages/api/src/platform/context.ts';
import { openPool } from '../packages/api/src/platform/db/connect.ts';
import type { DB as Database } from '../packages/api/src/platform/db/rows.ts';
import { openLog } from '../packages/api/src/platform/log.ts';
import { boxAround, boxBetween } from '../packages/api/src/search/model/grid.ts';
import { readPlace } from '../packages/api/src/search/model/place.ts';
import type { Area, Filters, Sort, Stay } from '../packages/api/src/search/model/search.ts';
import { countFacets } from '../packages/api/src/search/repository/count-facets.ts';
import { findPage } from '../packages/api/src/search/repository/find-page.ts';
import { findPlace } from '../packages/api/src/search/repository/find-place.ts';
import {
  type City,
  cities,
  copyListings,
  fillCalendars,
  pickCity,
  type Random,
  randomOf,
} from './search-data.ts';

const SAMPLES = 200;
/** Statements that rank the text of everything are too slow to run so often. */
const FEW_SAMPLES = 20;

/** Milliseconds at the client: the statement sent, planned, run, its rows read. */
export interface SearchTimes {
  listings: number;
  search: string;
  p50: number;
  p95: number;
  max: number;
}

export interface TriggerCost {
  listings: number;
  /** Milliseconds to insert 1,000 listings, without and with the search tables. */
  bare: number;
  withSearch: number;
}

/**
 * Times the statements of search over generated listings, in a migrated and empty database.
 *
 * @param databaseUrl connects as the owner
 * @param sizes numbers of listings, ascending
 */
export async function benchSearch(
  databaseUrl: string,
  sizes: readonly number[],
): Promise<{ times: SearchTimes[]; triggers: TriggerCost[] }> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const pool = await openPool(databaseUrl, 1, openLog('silent'));
  const db: Db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const times: SearchTimes[] = [];
  const triggers: TriggerCost[] = [];
  try {
    let present = 0;
    for (const listings of sizes) {
      await copyListings(owner, present + 1, listings);
      await fillCalendars(owner, TODAY);
      present = listings;
      await owner.query('vacuum analyze');
      times.push(...(await timesOf(db, listings)));
      triggers.push({ listings, ...(await costOfTriggers(owner)) });
    }
  } finally {
    await db.destroy();
    await owner.end();
  }
  return { times, triggers };
}

type Ask = (db: Db, city: City, random: Random) => Promise<unknown>;

/** The calendars begin on this day, and all searches are asked on it. */
const TODAY = '2026-11-28';
const page = { limit: 20 };
const usd = { currency: 'USD' } as const;
const at =
  (filters: Filters, sort: Sort, areaOf: (city: City, random: Random) => Area): Ask =>
  (db, city, random) =>
    findPage(db, { filters, area: areaOf(city, random), sort }, page);

const box =
  (half: number) =>
  (city: City, random: Random): Area => {
    const reach = half * (0.5 + random());
    const turned = (longitude: number) => ((longitude + 540) % 360) - 180;
    return {
      kind: 'box',
      box: boxBetween({
        west: turned(city.longitude - reach),
        east: turned(city.longitude + reach),
        south: Math.max(-90, city.latitude - reach),
        north: Math.min(90, city.latitude + reach),
      }),
    };
  };
const circle =
  (km: number) =>
  (city: City, random: Random): Area => {
    const aside = () => (random() - 0.5) * city.spread;
    const centre = { latitude: city.latitude + aside(), longitude: city.longitude + aside() };
    return { kind: 'circle', centre, metres: km * 1_000, box: boxAround(centre, km * 1_000) };
  };
const everywhere = (): Area => ({ kind: 'everywhere' });
const few = { amenities: ['wifi', 'kitchen'], roomTypes: ['entirePlace', 'privateRoom'] } as const;
const rare = { guests: 6, amenities: ['pool', 'gym', 'sauna'], roomTypes: ['privateRoom'] } as const;

/** For two people, over some nights of the two years. */
function stayFor(random: Random): Stay {
  const checkIn = addDays(TODAY, 3 + Math.floor(random() ** 2 * 500));
  const nights = 2 + Math.floor(random() ** 2 * 8);
  return {
    checkIn,
    checkOut: addDays(checkIn, nights),
    nights,
    guests: 2,
    now: new Date(`${TODAY}T12:00:00Z`),
  };
}
const forStay =
  (filters: (nights: number) => Filters, sort: Sort, areaOf: (city: City, random: Random) => Area): Ask =>
  (db, city, random) => {
    const stay = stayFor(random);
    return findPage(
      db,
      { filters: { guests: 2, ...filters(stay.nights), stay }, area: areaOf(city, random), sort },
      page,
    );
  };
const within = (nights: number): Filters => ({ ...usd, maxPrice: nights * 40_000 });

/** Cities are picked as often as they are large. */
const asks: Record<string, Ask> = {
  'stay, city: guests, price; cheapest': forStay(within, 'price', box(0.1)),
  'stay, city: guests; cheapest': forStay(() => usd, 'price', box(0.1)),
  'stay, city: guests; best': forStay(() => ({}), 'relevance', box(0.1)),
  'stay, city: guests, price; best': forStay(within, 'relevance', box(0.1)),
  'stay, city: three filters; cheapest': forStay(() => ({ ...few, ...usd }), 'price', box(0.1)),
  'stay, city: three rare filters; cheapest': forStay(() => ({ ...rare, ...usd }), 'price', box(0.1)),
  'stay, region: guests; cheapest': forStay(() => usd, 'price', box(1.5)),
  'stay, everywhere: guests; cheapest': forStay(() => usd, 'price', everywhere),
  'stay, everywhere: guests; best': forStay(() => ({}), 'relevance', everywhere),
  'stay, near 10 km: guests; nearest': forStay(() => ({}), 'distance', circle(10)),
  'stay, city: facets': (db, city, random) =>
    countFacets(db, { guests: 2, ...usd, stay: stayFor(random) }, box(0.1)(city, random), 'USD'),
  'city: guests, price; cheapest': at({ guests: 2, ...usd, maxPrice: 40_000 }, 'price', box(0.1)),
  'city: guests; best': at({ guests: 2 }, 'relevance', box(0.1)),
  'city: guests; best rated': at({ guests: 2 }, 'rating', box(0.1)),
  'city: three rare filters; cheapest': at({ ...rare, ...usd }, 'price', box(0.1)),
  'region: guests; cheapest': at({ guests: 2, ...usd }, 'price', box(1.5)),
  'continent: guests; cheapest': at({ guests: 2, ...usd }, 'price', box(15)),
  'everywhere: guests; best': at({ guests: 2 }, 'relevance', everywhere),
  'near 2 km: guests; nearest': at({ guests: 2 }, 'distance', circle(2)),
  'near 10 km: guests; nearest': at({ guests: 2 }, 'distance', circle(10)),
  'near 10 km: guests; cheapest': at({ guests: 2, ...usd }, 'price', circle(10)),
  'place: look-up': (db, city) => findPlace(db, readPlace(city.name)),
  'place: guests; cheapest': async (db, city) => {
    const area = await findPlace(db, readPlace(city.name));
    if (area) await findPage(db, { filters: { guests: 2, ...usd }, area, sort: 'price' }, page);
  },
  'city: facets': (db, city, random) => countFacets(db, { guests: 2 }, box(0.1)(city, random), 'USD'),
  'city: a word': at({ words: 'villa' }, 'relevance', box(0.1)),
  'everywhere: a word': at({ words: 'villa' }, 'relevance', everywhere),
};

async function timesOf(db: Db, listings: number): Promise<SearchTimes[]> {
  const all = cities();
  const times: SearchTimes[] = [];
  for (const [search, ask] of Object.entries(asks)) {
    const random = randomOf(7);
    const samples = search.endsWith('a word') ? FEW_SAMPLES : SAMPLES;
    const taken: number[] = [];
    for (let sample = 0; sample < samples; sample++) {
      const city = pickCity(random, all);
      const started = performance.now();
      await ask(db, city, random);
      taken.push(performance.now() - started);
    }
    taken.sort((a, b) => a - b);
    const share = (part: number) =>
      Math.round(taken[Math.min(samples - 1, Math.floor(samples * part))]! * 100) / 100;
    times.push({ listings, search, p50: share(0.5), p95: share(0.95), max: share(1) });
  }
  return times;
}

/** The better of five inserts of the thousand newest listings, each rolled back. */
async function costOfTriggers(owner: pg.Client): Promise<{ bare: number; withSearch: number }> {
  await owner.query('create temporary table newest as select * from listings order by id desc limit 1000');
  const least = async (prepare: string) => {
    const taken: number[] = [];
    for (let round = 0; round < 5; round++) {
      await owner.query('begin');
      await owner.query('delete from listings where id in (select id from newest)');
      await owner.query(prepare);
      const started = performance.now();
      await owner.query('insert into listings select * from newest');
      taken.push(performance.now() - started);
      await owner.query('rollback');
    }
    return Math.round(Math.min(...taken) * 10) / 10;
  };
  const bare = await least('alter table listings disable trigger user');
  const withSearch = await least('select 1');
  await owner.query('drop table newest');
  return { bare, withSearch };
}
