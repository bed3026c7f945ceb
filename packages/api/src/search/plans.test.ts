import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import type { Db } from '../platform/context.ts';
import { openPool } from '../platform/db/connect.ts';
import type { DB as Database } from '../platform/db/rows.ts';
import { openLog } from '../platform/log.ts';
import { boxAround, boxBetween } from './model/grid.ts';
import { readPlace } from './model/place.ts';
import { type Plan, planFor } from './model/plan.ts';
import type { Area, Filters, Sort } from './model/search.ts';
import { countFacets } from './repository/count-facets.ts';
import { findPage } from './repository/find-page.ts';
import { findPlace } from './repository/find-place.ts';

// What PostgreSQL does with the statements of search, on a table that is large enough for it to matter.

const LISTINGS = 20_000;
let database: TestDatabase;
let pool: pg.Pool;
let db: Db;
/** The statements that ran, newest last. */
const statements: { sql: string; parameters: readonly unknown[] }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const owner = new pg.Client(database.url);
  await owner.connect();
  await owner.query(
    `insert into users (id, email, password_hash, display_name, created_at, updated_at)
     values ('01900000-0000-7000-8000-000000000001', 'host@example.com', '', 'Host', '2026-01-01', '2026-01-01')`,
  );
  // What is not on disk yet is not marked as visible to all, and then the table has to be read beside the index.
  await owner.query('set synchronous_commit = on');
  await owner.query('select setseed(0.5)');
  // A hundred towns on a grid of their own, strewn over the whole table.
  await owner.query(`
    insert into listings (id, host_id, status, title, description, property_type, room_type, capacity, bedrooms, beds, bathrooms,
      amenities, tags, house_rules, latitude, longitude, address, time_zone, currency, base_price, min_nights, max_nights,
      check_in_from, check_out_by, languages, cancellation_policy, instant_book, content_hash, rating, review_count, created_at, updated_at)
    select gen_random_uuid(), '01900000-0000-7000-8000-000000000001', 'published',
      'Loft ' || number % 50, 'Quiet', 'loft', case when number % 20 = 0 then 'hotelRoom' else 'entirePlace' end, 1 + number % 8, 2, 2, 1,
      case when number % 2 = 0 then array['wifi', 'pool'] else array['wifi'] end, '{}', '{}',
      (town / 10) * 8 - 40 + random() * 0.3, (town % 10) * 30 - 150 + random() * 0.3, jsonb_build_object('city', 'Town ' || town, 'country', 'US'),
      'UTC', 'USD', 1000 + (random() * 50000)::integer, 1, 30, '15:00', '11:00', '{}', 'moderate', true, '', 4.5, 10, now(), now()
    from (select number, (random() * 99)::integer as town from generate_series(1, ${LISTINGS}) as number) as towns`);
  await vacuum(owner);
  await owner.end();
  pool = await openPool(database.url, 2, openLog('silent'));
  db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    log({ query }) {
      statements.push({ sql: query.sql, parameters: query.parameters });
    },
  });
}, 120_000);
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Until no page of the search table needs a look at its rows: an automatic analysis meanwhile keeps pages back. */
async function vacuum(owner: pg.Client): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    await owner.query('vacuum analyze');
    const { rows } = await owner.query<{ settled: boolean }>(
      "select relallvisible >= relpages as settled from pg_class where relname = 'listing_search'",
    );
    if (rows[0]!.settled) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Tables of nothing, or of a row. */
const EMPTY = ['listing_photos', 'tax_rules', 'fee_schedules'];

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Loops': number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

/** How the last statement is run. Steps that were never reached are left out. */
async function explained() {
  const { sql, parameters } = statements.at(-1)!;
  const { rows } = await pool.query(`explain (analyze, buffers, format json) ${sql}`, [...parameters]);
  const root = rows[0]['QUERY PLAN'][0].Plan as PlanNode;
  const stepsOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(stepsOf)];
  const steps = stepsOf(root).filter((node) => node['Actual Loops'] > 0);
  return {
    steps,
    tablesReadWhole: steps
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name']),
    indexes: new Set(steps.flatMap((node) => node['Index Name'] ?? [])),
    pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
  };
}

const box = (half: number): Area => ({
  kind: 'box',
  box: boxBetween({ west: -30 - half, south: -half, east: -29.7 + half, north: 0.3 + half }),
});
const circle = (metres: number): Area => {
  const centre = { latitude: 0.1, longitude: -29.9 };
  return { kind: 'circle', centre, metres, box: boxAround(centre, metres) };
};
const place = async (name: string) => (await findPlace(db, readPlace(name)))!;

const usd = { currency: 'USD' } as const;
const stay = {
  checkIn: '2027-05-01',
  checkOut: '2027-05-05',
  nights: 4,
  guests: 2,
  now: new Date('2027-03-01T12:00:00Z'),
};
const cases: [string, Filters, () => Area | Promise<Area>, Sort, Plan, string][] = [
  ['the cheapest of a town', { guests: 2, ...usd }, () => box(0), 'price', 'merged', 'small_cell_by_price'],
  [
    'the cheapest of a country',
    { guests: 2, ...usd },
    () => box(7),
    'price',
    'merged',
    'large_cell_by_price',
  ],
  [
    'the cheapest of half the world',
    { guests: 2, ...usd },
    () => box(80),
    'price',
    'merged',
    'large_cell_by_price',
  ],
  ['the best of a town', { guests: 2 }, () => box(0), 'relevance', 'merged', 'small_cell_by_quality'],
  [
    'the best of all',
    {},
    () => ({ kind: 'everywhere' }),
    'relevance',
    'sorted',
    'listing_search__by_quality',
  ],
  ['the cheapest of all', usd, () => ({ kind: 'everywhere' }), 'price', 'sorted', 'listing_search__by_price'],
  ['the cheapest around a point', usd, () => circle(10_000), 'price', 'merged', 'small_cell_by_price'],
  ['the nearest', { guests: 2 }, () => circle(10_000), 'distance', 'sorted', 'small_cell'],
  ['the best rated', { guests: 2 }, () => box(0), 'rating', 'sorted', 'small_cell'],
  [
    'what is rare',
    { roomTypes: ['hotelRoom'], amenities: ['pool'] },
    () => box(0),
    'relevance',
    'gathered',
    'small_cell',
  ],
  ['the cheapest of a place', usd, () => place('Town 44'), 'price', 'merged', 'small_cell_by_price'],
  [
    'the cheapest stays of a town',
    { guests: 2, ...usd, stay },
    () => box(0),
    'price',
    'bounded',
    'small_cell_by_floor',
  ],
  [
    'the cheapest stays of a country',
    { guests: 2, ...usd, stay },
    () => box(7),
    'price',
    'bounded',
    'large_cell_by_floor',
  ],
  [
    'the best stays of a town',
    { guests: 2, stay },
    () => box(0),
    'relevance',
    'merged',
    'small_cell_by_quality',
  ],
  ['the nearest stays', { stay }, () => circle(10_000), 'distance', 'sorted', 'small_cell'],
  [
    'a word of all',
    { words: '"loft 17"' },
    () => ({ kind: 'everywhere' }),
    'relevance',
    'gathered',
    'text__by_word',
  ],
];

describe('search reads indexes only', () => {
  test.each(cases)('for %s', async (_name, filters, areaOf, sort, plan, index) => {
    const search = { filters, area: await areaOf(), sort };
    expect(planFor(search)).toBe(plan);
    const { listings } = await findPage(db, search, { limit: 20 });
    expect(listings.length).toBeGreaterThan(0);
    const { steps, tablesReadWhole, indexes, pages } = await explained();
    // A table of nothing is read whole for want of anything else.
    expect(tablesReadWhole.filter((table) => !EMPTY.includes(table!))).toEqual([]);
    expect([...indexes].join()).toContain(index);
    // Nothing of the searched table itself is read: all that a filter asks for is in the index.
    if (plan !== 'gathered' || filters.words === undefined)
      expect(
        steps.filter((node) => node['Relation Name'] === 'listing_search').map((node) => node['Node Type']),
      ).not.toContain('Bitmap Heap Scan');
    // A stay has a look at the calendar of each listing that matches otherwise, four pages each.
    expect(pages).toBeLessThan(filters.stay ? 20_000 : 2_000);
  });

  test('of the cells of the box alone, so that the rest of the world costs nothing', async () => {
    await findPage(db, { filters: usd, area: box(0), sort: 'price' }, { limit: 20 });
    const { pages } = await explained();
    expect(pages).toBeLessThan(400);
  });

  test('to look a place up', async () => {
    expect(await place('Town 44')).toMatchObject({ cells: { size: 'small' } });
    const { tablesReadWhole, indexes } = await explained();
    expect(tablesReadWhole).toEqual([]);
    expect([...indexes]).toEqual(['listing_search_places__by_name']);
    expect(await place('United States')).toMatchObject({ cells: { size: 'large' } });
  });

  test('to count facets', async () => {
    await countFacets(db, { guests: 2 }, box(0), 'USD');
    const { tablesReadWhole, indexes } = await explained();
    expect(tablesReadWhole).toEqual([]);
    expect([...indexes].join()).toContain('small_cell_by_');
  });
});

describe('every plan has the same results', () => {
  const areas: [string, () => Area | Promise<Area>][] = [
    ['a town', () => box(0)],
    ['a country', () => box(7)],
    ['half the world', () => box(80)],
    ['a place', () => place('Town 44')],
    ['a large place', () => place('US')],
    ['a circle', () => circle(10_000)],
    ['everywhere', () => ({ kind: 'everywhere' })],
  ];
  test.each(areas)('in %s', async (_name, areaOf) => {
    const area = await areaOf();
    for (const sort of [
      'price',
      'relevance',
      'rating',
      ...(area.kind === 'circle' ? ['distance' as const] : []),
    ] as const) {
      const plans = (
        sort === 'price' || sort === 'relevance' ? ['merged', 'sorted', 'gathered'] : ['sorted', 'gathered']
      ) as Plan[];
      const search = { filters: { guests: 3, ...usd }, area, sort };
      const first = await Promise.all(plans.map((plan) => findPage(db, search, { limit: 30 }, plan)));
      for (const outcome of first) expect(outcome, sort).toEqual(first[0]);
      const after = first[0]!.listings[29]!.position;
      const second = await Promise.all(plans.map((plan) => findPage(db, search, { limit: 30, after }, plan)));
      for (const outcome of second) expect(outcome, sort).toEqual(second[0]);
      expect(second[0]!.listings[0]).toEqual(first[0]!.listings[30]);
    }
  });
});
