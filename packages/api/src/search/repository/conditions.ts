import { type RawBuilder, sql } from 'kysely';
import type { Box, Cells, Point } from '../model/grid.ts';
import { type Area, amenityMask, type Filters } from '../model/search.ts';
import { and, type Condition, type Fragment } from './sql.ts';
import { askedOf, bookable, floorWithin } from './stay.ts';

// Fragments of SQL over `listing_search as s`; when words are searched, `listing_search_text as t`; and when a stay is,
// `stay (total)`.

/**
 * Every condition of a search by the filter it comes from, so that a facet can leave its own out. Of the price of a stay
 * only what the listing's row tells; the total itself is the concern of `totalWithin`.
 */
export function conditionsOf(filters: Filters, area: Area): Map<keyof Filters | 'area', Condition> {
  const {
    guests,
    bedrooms,
    beds,
    bathrooms,
    minPrice,
    maxPrice,
    currency,
    roomTypes,
    propertyTypes,
    amenities,
    words,
    stay,
  } = filters;
  const conditions = new Map<keyof Filters | 'area', Condition | undefined>([
    ['guests', guests === undefined ? undefined : sql`s.capacity >= ${guests}`],
    ['bedrooms', bedrooms === undefined ? undefined : sql`s.bedrooms >= ${bedrooms}`],
    ['beds', beds === undefined ? undefined : sql`s.beds >= ${beds}`],
    ['bathrooms', bathrooms === undefined ? undefined : sql`s.bathrooms >= ${bathrooms}::float8`],
    ['currency', currency === undefined ? undefined : sql`s.currency = ${currency}`],
    ['minPrice', minPrice === undefined || stay ? undefined : sql`s.price >= ${minPrice}`],
    ['maxPrice', maxPrice === undefined ? undefined : costsAtMost(maxPrice, stay)],
    ['roomTypes', roomTypes && sql`s.room_type = any(${roomTypes})`],
    ['propertyTypes', propertyTypes && sql`s.property_type = any(${propertyTypes})`],
    ['amenities', amenities && hasAmenities(amenities)],
    ['instantBook', filters.instantBook ? sql`s.instant_book` : undefined],
    ['area', isWithin(area)],
    ['words', words === undefined ? undefined : sql`t.words @@ ${wordQuery(words)}`],
  ]);
  return new Map(
    [...conditions].filter((entry): entry is [keyof Filters | 'area', Condition] => entry[1] !== undefined),
  );
}

const costsAtMost = (price: number, stay: Filters['stay']): Condition =>
  stay ? floorWithin(sql`${price}::bigint`, stay) : sql`s.price <= ${price}`;

/** Whether the total of the stay is within the bounds. */
export function totalWithin({ stay, minPrice, maxPrice }: Filters): Condition[] {
  if (!stay) return [];
  return [
    ...(minPrice === undefined ? [] : [sql<boolean>`stay.total >= ${minPrice}`]),
    ...(maxPrice === undefined ? [] : [sql<boolean>`stay.total <= ${maxPrice}`]),
  ];
}

function hasAmenities(amenities: NonNullable<Filters['amenities']>): Condition {
  const { low, high } = amenityMask(amenities);
  const words = [
    ...(low === '0' ? [] : [sql<boolean>`s.amenities_low & ${low}::bigint = ${low}::bigint`]),
    ...(high === '0' ? [] : [sql<boolean>`s.amenities_high & ${high}::bigint = ${high}::bigint`]),
  ];
  return sql`(${and(words)})`;
}

function isWithin(area: Area): Condition | undefined {
  switch (area.kind) {
    case 'everywhere':
      return undefined;
    case 'box':
      return isInBox(area.box);
    case 'circle':
      return sql`${isInBox(area.box)} and ${metresFrom(area.centre)} <= ${area.metres}`;
    case 'place':
      return and(area.names.map(isNamed));
  }
}

function isInBox({ latitudes, longitudes }: Box): Condition {
  const spans = longitudes.map(({ from, to }) => sql`s.longitude between ${from} and ${to}`);
  if (spans.length === 0) return sql`false`;
  // Listings of these cells are mostly in the box, but the planner would think that next to none are: as if latitude and
  // longitude had nothing to do with the cell. It makes no guess about a CASE.
  return sql`case when s.latitude between ${latitudes.from} and ${latitudes.to} and (${sql.join(spans, sql` or `)})
    then true else false end`;
}

/** Whole metres along the great circle to a point, by the haversine formula on the mean radius of the earth. */
export function metresFrom({ latitude, longitude }: Point): RawBuilder<number> {
  const north = sql`radians(s.latitude * 0.001::float8)`;
  const halfNorthing = sql`radians(s.latitude * 0.001::float8 - ${latitude}::float8) / 2`;
  const halfEasting = sql`radians(s.longitude * 0.001::float8 - ${longitude}::float8) / 2`;
  return sql`(12742017.6 * asin(least(1, sqrt(sin(${halfNorthing}) ^ 2
    + cos(radians(${latitude}::float8)) * cos(${north}) * sin(${halfEasting}) ^ 2))))::integer`;
}

// Folded in a subquery of its own, so that it happens once and not for every row.
const isNamed = (names: readonly string[]): Condition =>
  sql`(${sql.join(
    names.map((name) => sql`strpos(s.places, (select '|' || fold_text(${name}) || '|')) > 0`),
    sql` or `,
  )})`;

/** Names of places as the index holds them. */
export const foldedNames = (names: readonly string[]): Fragment =>
  sql`array(select fold_text(name) from unnest(${names}::text[]) as name)`;

export const wordQuery = (words: string): Fragment =>
  sql`websearch_to_tsquery('listing_text', plain_words(${words}))`;

/** The listings to search, with their words when a condition needs them. */
export const listings = ({ words }: Filters): Fragment =>
  words === undefined
    ? sql`listing_search as s`
    : sql`listing_search as s join listing_search_text as t using (listing_id)`;

/** Begins the tables of a statement with what the fragments about the stay refer to. */
export const asked = ({ stay }: Filters): Fragment => (stay ? sql`${askedOf(stay)},` : sql``);

/** What leaves only listings that can be booked for the stay. */
export const withStay = ({ stay }: Filters): Fragment =>
  stay ? sql`cross join lateral ${bookable(stay)} as stay` : sql``;

/** The listings to search, with the stay when there is one. */
export const searched = (filters: Filters): Fragment => sql`${listings(filters)} ${withStay(filters)}`;

export const cellColumn = ({ size }: Cells): Fragment =>
  size === 'small' ? sql`s.small_cell` : sql`s.large_cell`;

/**
 * Cells as the table `cells (number)`. When they are too many to be named: those of the block that hold a listing, found
 * by leaping through an index from one to the next.
 */
export function cellTable(cells: Cells): Fragment {
  if (cells.numbers) return sql`unnest(${cells.numbers}::integer[]) as cells (number)`;
  return sql`(
    with recursive occupied (number) as (
      select min(large_cell) from listing_search
      union all
      select (select min(large_cell) from listing_search where large_cell > occupied.number) from occupied
      where occupied.number is not null)
    select number from occupied where number is not null and ${isInBlock(cells.block)}) as cells`;
}

function isInBlock(block: Extract<Cells, { numbers: undefined }>['block']): Condition {
  if (!block) return sql`true`;
  const columns = block.columns.map(({ from, to }) => sql`number % 360 between ${from} and ${to}`);
  return sql`number / 360 between ${block.rows.from} and ${block.rows.to} and (${sql.join(columns, sql` or `)})`;
}
