import type { Currency, Money } from '@sojourn/shared/money';
import type { Amenity, PropertyType, RoomType } from '@sojourn/shared/vocabulary';
import { sql } from 'kysely';
import type { Db } from '../../platform/context.ts';
import { KEEP_PLAN } from '../../platform/db/connect.ts';
import { share } from '../../pricing/model/rounding.ts';
import { boxAround, type Cells } from '../model/grid.ts';
import { type Plan, planFor } from '../model/plan.ts';
import {
  type Area,
  COUNT_LIMIT,
  cellsFor,
  type Filters,
  type FoundListing,
  type FoundStay,
  type Position,
  type Search,
  type Stay,
} from '../model/search.ts';
import {
  asked,
  cellColumn,
  cellTable,
  conditionsOf,
  listings,
  metresFrom,
  searched,
  totalWithin,
  withStay,
  wordQuery,
} from './conditions.ts';
import { and, type Condition, type Fragment } from './sql.ts';
import { floorWithin } from './stay.ts';

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
  const { rows } = await sql<Row>`${search.filters.stay ? sql.raw(KEEP_PLAN) : sql``}
    with ${asked(search.filters)} ${rowsFor(plan, search, page, order, within)}
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
  return {
    count: rows[0]!.count,
    listings: found.map((row) => foundListing(row, order.keys.length, search.filters.stay)),
  };
}

/** The tables `page` and `counted` that a plan reads. */
function rowsFor(plan: Plan, search: Search, page: Page, order: Order, within: Area): Fragment {
  if (plan === 'merged') return merged(search, page, order);
  if (plan === 'bounded') return bounded(search, page, order);
  return sortedRows(search, page, order, plan, within);
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
  if (sort === 'price') return by(false, filters.stay ? sql`stay.total` : sql`s.price`);
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

const named = ({ keys, names }: Order): Fragment =>
  sql.join(keys.map((key, index) => sql`${key} as ${names[index]}`));
const totalOf = ({ stay }: Filters): Fragment => (stay ? sql`stay.total` : sql`null::bigint`);
const selected = (order: Order, { filters, area }: Search): Fragment =>
  sql`${named(order)}, ${metresTo(area)} as metres, ${totalOf(filters)} as total`;

const sorted = ({ descending }: Order, keys: readonly Fragment[]): Fragment =>
  sql.join(keys.map((key) => (descending ? sql`${key} desc` : key)));

const follows = ({ descending }: Order, keys: readonly Fragment[], after: Position | undefined): Condition =>
  after ? sql`(${sql.join(keys)}) ${descending ? sql`<` : sql`>`} (${sql.join(after)})` : sql`true`;

/**
 * From each cell the first listings in order, by an index on cell and order, and of all these the first. Counting reads
 * one cell after another until it has enough.
 */
function merged(search: Search, page: Page, order: Order): Fragment {
  const cells = cellsFor(search.area);
  const matching = matchingIn(cells, search);
  const inOrder = sql`order by ${sorted(order, order.names)} limit ${page.limit + 1}`;
  const firstOfCells = sql`select first.* from ${cellTable(cells)} cross join lateral (
        select ${selected(order, search)} from ${matching} and ${follows(order, order.keys, page.after)}
        order by ${sorted(order, order.keys)} limit ${page.limit + 1}) as first`;
  const counted = sql`counted as (${countIn(cells, matching)})`;
  if (!search.filters.stay) return sql`page as (${firstOfCells} ${inOrder}), ${counted}`;
  return sql`${foremost(search, page, order)},
    page as (
      select * from found where (select * from whole)
      union all
      select * from (${firstOfCells}) as first where not (select * from whole)
      ${inOrder}), ${counted}`;
}

/** So many of the first in order are looked at for a stay before the rest of the cells is. */
const FOREMOST = 300;

/**
 * The first listings in order whatever their calendars say, which indexes tell alone, and which of them a stay `found`
 * bookable. They are the `whole` answer when the page is full of them, or when there are no others.
 */
function foremost(search: Search, { limit, after }: Page, order: Order): Fragment {
  const { filters, area } = search;
  const cells = cellsFor(area);
  // The least that a listing costs is not in the index of this order; the total of the stay tells soon enough.
  const conditions = conditionsOf({ ...filters, maxPrice: undefined }, area).values();
  const place = [follows(order, order.keys, after), sql<boolean>`${cellColumn(cells)} = cells.number`];
  return sql`foremost as materialized (
      select first.* from ${cellTable(cells)} cross join lateral (
        select s.listing_id, s.capacity, ${named(order)}, ${metresTo(area)} as metres
        from ${listings(filters)} where ${and([...conditions, ...place])}
        order by ${sorted(order, order.keys)} limit ${FOREMOST}) as first
      order by ${sorted(order, order.names)} limit ${FOREMOST}),
    found as materialized (
      select ${sql.join(order.names)}, s.metres, ${totalOf(filters)} as total
      from (select * from foremost order by ${sorted(order, order.names)}) as s ${withStay(filters)}
      where ${and(totalWithin(filters))}
      order by ${sorted(order, order.names)} limit ${limit + 1}),
    whole as materialized (
      select (select count(*) from found) > ${limit} or (select count(*) from foremost) < ${FOREMOST})`;
}

/** Everything that matches in the cell at hand. */
const matchingIn = (cells: Cells, search: Search): Fragment =>
  sql`${matchingAnywhere(search)} and ${cellColumn(cells)} = cells.number`;

const matchingAnywhere = ({ filters, area }: Search): Fragment =>
  sql`${searched(filters)} where ${and([...conditionsOf(filters, area).values(), ...totalWithin(filters)])}`;

const countIn = (cells: Cells, matching: Fragment): Fragment => sql`
  select from ${cellTable(cells)} cross join lateral (select from ${matching} offset 0) as matching
  limit ${COUNT_LIMIT + 1}`;

/**
 * The cheapest stays. No index knows what a stay costs, but one has what each listing costs at least, `price_floor`. Where
 * counting comes to an end it has met them all. Elsewhere the page can hold nothing dearer than the dearest of so many
 * stays as it holds, whichever these are: those with the lowest floors are `likely`. Then all with a floor within that
 * bound are read.
 */
function bounded(search: Search, { limit, after }: Page, order: Order): Fragment {
  const { filters, area } = search;
  const stay = filters.stay!;
  const cells = cellsFor(area);
  // The whole globe has an index of its own.
  const everywhere = area.kind === 'everywhere';
  const [table, matching] = everywhere
    ? [sql`(select) as globe`, matchingAnywhere(search)]
    : [cellTable(cells), matchingIn(cells, search)];
  const following = follows(order, order.keys, after);
  const inCells = (rest: Fragment) => sql`${table} cross join lateral (
    select ${selected(order, search)} from ${matching} ${rest}) as found`;
  const first = (table: Fragment) =>
    sql`select * from ${table} order by ${sorted(order, order.names)} limit ${limit + 1}`;
  // Of a later page they would mostly be stays of the pages before it.
  const likely = after
    ? sql`likely as materialized (${first(sql`(
        select found.* from ${inCells(sql`and ${following} order by s.price_floor, s.listing_id limit ${limit + 1}`)}
        where exists (select from many)) as likely`)})`
    : sql`lowest as materialized (
        select floors.* from ${table} cross join lateral (
          select s.listing_id, s.capacity, s.price_floor
          from ${listings(filters)} where ${and([
            ...conditionsOf(filters, area).values(),
            ...(everywhere ? [] : [sql<boolean>`${cellColumn(cells)} = cells.number`]),
          ])}
          order by s.price_floor, s.listing_id limit ${FOREMOST}) as floors
        where exists (select from many) order by price_floor, listing_id limit ${FOREMOST}),
      likely as materialized (
        select stay.total from lowest as s ${withStay(filters)} where ${and(totalWithin(filters))}
        order by stay.total limit ${limit + 1})`;
  return sql`counted as materialized (select found.* from ${inCells(sql`offset 0`)} limit ${COUNT_LIMIT + 1}),
    many as materialized (select from counted having count(*) > ${COUNT_LIMIT}),
    ${likely},
    bound (total) as materialized (
      select case when count(*) > ${limit} then max(total) else ${BEYOND_ALL_TOTALS} end from likely),
    page as (${first(sql`(
      select * from counted where not exists (select from many) and ${follows(order, order.names, after)}
      union all
      select found.* from ${inCells(
        sql`and ${following} and ${floorWithin(sql`(select total from bound)`, stay)} offset 0`,
      )} where exists (select from many)) as page`)})`;
}

/** No stay costs so much, and ten thousand times as much is still an int8. */
const BEYOND_ALL_TOTALS = sql`900000000000000`;

/** All listings of the cells that match, sorted. Few are kept for counting; many are counted apart, which soon stops. */
function sortedRows(
  search: Search,
  { limit, after }: Page,
  order: Order,
  plan: Plan,
  within: Area,
): Fragment {
  const { filters } = search;
  const matching = (area: Area) =>
    sql`select ${selected(order, search)} from ${searched(filters)} where ${and([...conditionsIn(filters, area), ...totalWithin(filters)])}`;
  const inOrder = sql`order by ${sorted(order, order.names)} limit ${limit + 1}`;
  const following = follows(order, order.names, after);
  const countOf = (rows: Fragment) => sql`select from ${rows} limit ${COUNT_LIMIT + 1}`;
  if (plan === 'gathered')
    return sql`matching as materialized (${matching(search.area)}),
      page as (select * from matching where ${following} ${inOrder}), counted as (${countOf(sql`matching`)})`;
  // The order knows nothing of the stay: only the first few in order need a look at their calendars.
  const ordered = filters.stay
    ? sql`select s.*, ${totalOf(filters)} as total from (
        select s.listing_id, s.capacity, ${named(order)}, ${metresTo(search.area)} as metres
        from ${listings(filters)} where ${and(conditionsIn(filters, within))}
        order by ${sorted(order, order.keys)}) as s ${withStay(filters)}
      where ${and([following, ...totalWithin(filters)])} ${inOrder}`
    : sql`select * from (${matching(within)}) as matching where ${following} ${inOrder}`;
  return sql`page as (${ordered}), counted as (${countOf(sql`(${matching(search.area)}) as matching`)})`;
}

function conditionsIn(filters: Filters, area: Area): Condition[] {
  const cells = cellsFor(area);
  const inCells = cells.numbers ? [sql<boolean>`${cellColumn(cells)} = any(${cells.numbers})`] : [];
  return [...inCells, ...conditionsOf(filters, area).values()];
}

/** A row of the answer. Without a listing when there is none, for the sake of the count. */
interface Row {
  count: number;
  id: string | null;
  key_0: number;
  key_1: number;
  metres: number | null;
  total: number | null;
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

function foundListing(row: Row & { id: string }, keys: number, stay: Stay | undefined): FoundListing {
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
    stay: stay ? foundStay(stay, { amount: row.total!, currency: row.currency }) : null,
  };
}

const foundStay = ({ checkIn, checkOut, nights }: Stay, total: Money): FoundStay => ({
  checkIn,
  checkOut,
  nights,
  total,
  nightlyAverage: { ...total, amount: share(total.amount, 1, nights) },
});
