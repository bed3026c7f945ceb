import type { Currency } from '@sojourn/shared/money';
import type { Amenity, PropertyType, RoomType } from '@sojourn/shared/vocabulary';
import { sql } from 'kysely';
import type { Db } from '../../platform/context.ts';
import { boxAround } from '../model/grid.ts';
import { type Plan, planFor } from '../model/plan.ts';
import {
  type Area,
  COUNT_LIMIT,
  cellsFor,
  type FoundListing,
  type Position,
  type Search,
} from '../model/search.ts';
import {
  and,
  type Condition,
  cellColumn,
  cellTable,
  conditionsOf,
  type Fragment,
  metresFrom,
  searched,
  wordQuery,
} from './conditions.ts';

export interface Page {
  limit: number;
  /** The position of the last listing of the page before. */
  after?: Position | undefined;
}

/** One page of what a search finds, with one listing more than `limit` when there are more; and how many there are. */
export async function findPage(
  db: Db,
  search: Search,
  page: Page,
  plan: Plan = planFor(search),
): Promise<{ listings: FoundListing[]; count: number }> {
  // The nearest of many are near: mostly it is enough to measure the distances to those.
  const nearby = plan === 'sorted' && search.sort === 'distance' ? nearerArea(search.area, page) : undefined;
  const outcome = nearby && (await readPage(db, search, page, plan, nearby));
  return outcome && outcome.listings.length > page.limit
    ? outcome
    : readPage(db, search, page, plan, search.area);
}

/** A quarter of the circle, when the page may lie within. */
function nearerArea(area: Area, { after }: Page): Area | undefined {
  if (area.kind !== 'circle' || Number(after?.[0] ?? 0) > area.metres / 8) return undefined;
  const metres = Math.round(area.metres / 4);
  return { ...area, metres, box: boxAround(area.centre, metres) };
}

/** Reads the page from `within` alone, which must hold it, and counts all. */
async function readPage(db: Db, search: Search, page: Page, plan: Plan, within: Area) {
  const order = orderOf(search);
  const { rows } = await sql<Row>`
    with ${plan === 'merged' ? merged(search, page, order) : sortedRows(search, page, order, plan, within)}
    select counted.count, page.*, l.title, l.property_type, l.room_type, l.capacity, l.bedrooms, l.beds, l.bathrooms,
      l.amenities, l.latitude, l.longitude, l.address, l.base_price, l.currency, l.rating, l.review_count, l.instant_book,
      photo.url, photo.caption
    from (select count(*)::integer as count from counted) as counted
    left join (page
      join listings as l on l.id = page.id
      left join lateral (
        select url, caption from listing_photos where listing_id = page.id order by position limit 1) as photo on true
    ) on true
    order by ${sorted(order, order.names)}`.execute(db);
  const found = rows.filter((row): row is Row & { id: string } => row.id !== null);
  return { count: rows[0]!.count, listings: found.map((row) => foundListing(row, order.keys.length)) };
}

interface Order {
  /** Over `listing_search as s`; the last is the id, so that no two listings are equal. */
  keys: Fragment[];
  /** The keys as columns of what was found. */
  names: Fragment[];
  descending: boolean;
}

function orderOf({ filters, area, sort }: Search): Order {
  const by = (descending: boolean, ...keys: Fragment[]) => ({
    keys: [...keys, sql`s.listing_id`],
    names: [...keys.map((_, index) => sql.ref(`key_${index}`)), sql.ref('id')],
    descending,
  });
  if (sort === 'price') return by(false, sql`s.price`);
  if (sort === 'distance') return by(false, metresTo(area));
  if (sort === 'rating') return by(true, sql`s.rating`, sql`s.review_count`);
  return filters.words === undefined
    ? by(true, sql`s.quality`)
    : by(true, scoreFor(filters.words), sql`s.quality`);
}

const metresTo = (area: Area): Fragment =>
  area.kind === 'circle' ? metresFrom(area.centre) : sql`null::integer`;

/** How well the words fit: those of the title weigh most, then tags, kind and place; the description little. */
const scoreFor = (words: string): Fragment =>
  sql`ts_rank('{0.01, 0.01, 0.3, 1}', t.words, ${wordQuery(words)})`;

const selected = ({ keys, names }: Order, area: Area): Fragment =>
  sql`${sql.join(keys.map((key, index) => sql`${key} as ${names[index]}`))}, ${metresTo(area)} as metres`;

const sorted = ({ descending }: Order, keys: readonly Fragment[]): Fragment =>
  sql.join(keys.map((key) => (descending ? sql`${key} desc` : key)));

const follows = ({ descending }: Order, keys: readonly Fragment[], after: Position | undefined): Condition =>
  after ? sql`(${sql.join(keys)}) ${descending ? sql`<` : sql`>`} (${sql.join(after)})` : sql`true`;

/**
 * From each cell the first listings in order, by an index on cell and order, and of all these the first. Counting reads
 * one cell after another until it has enough.
 */
function merged({ filters, area }: Search, { limit, after }: Page, order: Order): Fragment {
  const cells = cellsFor(area);
  const matching = sql`listing_search as s
    where ${cellColumn(cells)} = cells.number and ${and([...conditionsOf(filters, area).values()])}`;
  return sql`page as (
      select first.* from ${cellTable(cells)} cross join lateral (
        select ${selected(order, area)} from ${matching} and ${follows(order, order.keys, after)}
        order by ${sorted(order, order.keys)} limit ${limit + 1}) as first
      order by ${sorted(order, order.names)} limit ${limit + 1}),
    counted as (
      select from ${cellTable(cells)} cross join lateral (select from ${matching} offset 0) as matching
      limit ${COUNT_LIMIT + 1})`;
}

/** All listings of the cells that match, sorted. Few are kept for counting; many are counted apart, which soon stops. */
function sortedRows(
  { filters, area }: Search,
  { limit, after }: Page,
  order: Order,
  plan: Plan,
  within: Area,
): Fragment {
  const matching = (area: Area) => {
    const cells = cellsFor(area);
    const inCells = cells.numbers ? [sql<boolean>`${cellColumn(cells)} = any(${cells.numbers})`] : [];
    const conditions = and([...inCells, ...conditionsOf(filters, area).values()]);
    return sql`select ${selected(order, area)} from ${searched(filters)} where ${conditions}`;
  };
  const pageOf = (rows: Fragment) => sql`
    select * from ${rows} where ${follows(order, order.names, after)}
    order by ${sorted(order, order.names)} limit ${limit + 1}`;
  const countOf = (rows: Fragment) => sql`select from ${rows} limit ${COUNT_LIMIT + 1}`;
  if (plan === 'sorted')
    return sql`page as (${pageOf(sql`(${matching(within)}) as matching`)}),
      counted as (${countOf(sql`(${matching(area)}) as matching`)})`;
  return sql`matching as materialized (${matching(area)}),
    page as (${pageOf(sql`matching`)}), counted as (${countOf(sql`matching`)})`;
}

/** A row of the answer. Without a listing when there is none, for the sake of the count. */
interface Row {
  count: number;
  id: string | null;
  key_0: number;
  key_1: number;
  metres: number | null;
  title: string;
  property_type: PropertyType;
  room_type: RoomType;
  capacity: number;
  bedrooms: number | null;
  beds: number | null;
  bathrooms: number | null;
  amenities: Amenity[];
  latitude: number;
  longitude: number;
  address: Partial<FoundListing['address']> | null;
  base_price: number;
  currency: Currency;
  rating: number | null;
  review_count: number;
  instant_book: boolean;
  url: string | null;
  caption: string | null;
}

function foundListing(row: Row & { id: string }, keys: number): FoundListing {
  const { neighbourhood = null, city = null, region = null, country = null } = row.address ?? {};
  return {
    id: row.id,
    position: [...[row.key_0, row.key_1].slice(0, keys - 1), row.id],
    metres: row.metres,
    title: row.title,
    propertyType: row.property_type,
    roomType: row.room_type,
    capacity: row.capacity,
    bedrooms: row.bedrooms,
    beds: row.beds,
    bathrooms: row.bathrooms,
    amenities: row.amenities,
    point: { latitude: row.latitude, longitude: row.longitude },
    address: { neighbourhood, city, region, country },
    basePrice: { amount: row.base_price, currency: row.currency },
    rating: row.rating,
    reviewCount: row.review_count,
    instantBook: row.instant_book,
    photo: row.url === null ? null : { url: row.url, caption: row.caption },
  };
}
