import type { Currency } from '@sojourn/shared/money';
import { AMENITIES, type Amenity, type PropertyType, type RoomType } from '@sojourn/shared/vocabulary';
import { sql } from 'kysely';
import type { Db } from '../../platform/context.ts';
import {
  type Area,
  amenityMask,
  cellsFor,
  FACET_LIMIT,
  type FacetCounts,
  type Filters,
} from '../model/search.ts';
import { asked, cellColumn, cellTable, conditionsOf, searched, totalWithin } from './conditions.ts';
import { and, type Condition } from './sql.ts';

/**
 * How many listings each choice would leave. A choice of which one is enough (room type, property type, price) is
 * counted as if nothing of its kind were chosen yet; amenities, of which all must be there, on top of those chosen.
 */
export async function countFacets(
  db: Db,
  filters: Filters,
  area: Area,
  currency: Currency,
): Promise<FacetCounts> {
  const conditions = conditionsOf(filters, area);
  const own = (...names: (keyof Filters)[]): Condition => {
    const taken = names.flatMap((name) => conditions.get(name) ?? []);
    for (const name of names) conditions.delete(name);
    return sql`(${and(taken)})`;
  };
  const [ofRoomType, ofPropertyType, ofNightPrice] = [
    own('roomTypes'),
    own('propertyTypes'),
    own('minPrice', 'maxPrice'),
  ];
  const [price, ofPrice] = filters.stay
    ? [sql`stay.total`, sql`(${and(totalWithin(filters))})`]
    : [sql`s.price`, ofNightPrice];
  const cells = cellsFor(area);
  const matching = sql`${searched(filters)} where ${and([...conditions.values()])}`;
  const { rows } = await sql<Row>`
    with ${asked(filters)} counted as materialized (
      select matching.* from ${cellTable(cells)} cross join lateral (
        select s.room_type, s.property_type, ${price} as price, s.currency, s.amenities_low, s.amenities_high,
          ${ofRoomType} as of_room_type, ${ofPropertyType} as of_property_type, ${ofPrice} as of_price
        from ${matching} and ${cellColumn(cells)} = cells.number offset 0) as matching
      limit ${FACET_LIMIT}),
    prices as (select price from counted where of_room_type and of_property_type and currency = ${currency}),
    scale as (
      select highest, ${niceStep(sql`greatest(1, (highest - lowest) / 10.0)`)} as step
      from (select min(price) as lowest, percentile_disc(0.95) within group (order by price) as highest from prices) as ends)
    select
      (select count(*)::integer from counted) as counted,
      (select json_object_agg(value, count) from (
        select room_type as value, count(*) from counted where of_property_type and of_price group by value) as facet) as room_types,
      (select json_object_agg(value, count) from (
        select property_type as value, count(*) from counted where of_room_type and of_price group by value) as facet) as property_types,
      (select array[${sql.join(AMENITIES.map(countOf))}]::integer[] from counted
        where of_room_type and of_property_type and of_price) as amenities,
      (select step from scale) as step,
      (select highest / step + 1 from scale) as last,
      (select json_object_agg(value, count) from (
        select least(price / step, highest / step + 1) as value, count(*) from prices cross join scale group by value) as facet) as prices`.execute(
    db,
  );
  const row = rows[0]!;
  return {
    counted: row.counted,
    roomTypes: new Map(Object.entries(row.room_types ?? {}) as [RoomType, number][]),
    propertyTypes: new Map(Object.entries(row.property_types ?? {}) as [PropertyType, number][]),
    amenities: new Map(AMENITIES.map((name, index) => [name, row.amenities[index]!])),
    prices: {
      currency,
      step: row.step ?? 1,
      last: row.last ?? 0,
      counts: new Map(Object.entries(row.prices ?? {}).map(([at, count]) => [Number(at), count])),
    },
  };
}

interface Row {
  counted: number;
  room_types: Record<string, number> | null;
  property_types: Record<string, number> | null;
  amenities: number[];
  step: number | null;
  last: number | null;
  prices: Record<string, number> | null;
}

function countOf(amenity: Amenity) {
  const { low, high } = amenityMask([amenity]);
  return high === '0'
    ? sql`count(*) filter (where amenities_low & ${sql.lit(low)}::bigint <> 0)`
    : sql`count(*) filter (where amenities_high & ${sql.lit(high)}::bigint <> 0)`;
}

/** The next of 1, 2, 5, 10, 20, 50… */
const niceStep = (least: unknown) => sql`(
  select (unit * case when least <= unit then 1 when least <= 2 * unit then 2 when least <= 5 * unit then 5 else 10 end)::bigint
  from (select ${least} as least, 10 ^ floor(log(${least})) as unit) as raw)`;
