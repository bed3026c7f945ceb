import type { Currency } from '@sojourn/shared/money';
import { nightsBetween } from '@sojourn/shared/nights';
import { z } from 'zod';
import { type Context, transaction } from '../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../platform/http/cursor.ts';
import { boxAround, boxBetween } from './model/grid.ts';
import { readPlace } from './model/place.ts';
import type { Area, FacetCounts, Filters, Search, SearchOutcome, Stay } from './model/search.ts';
import { countFacets } from './repository/count-facets.ts';
import { findPage } from './repository/find-page.ts';
import { findPlace } from './repository/find-place.ts';
import { allowSeconds, countDifferences, mendDifferences } from './repository/mend.ts';
import { DEFAULT_RADIUS_KM, MAX_RADIUS_KM, type SearchQuery } from './schema/query.ts';

/** Published listings, by what a guest asks for. Open to everybody. */
export async function searchListings(ctx: Context, query: SearchQuery): Promise<SearchOutcome> {
  const { limit, cursor, sort, facets } = query;
  const currency = query.currency ?? ctx.config.defaultCurrency;
  const filters = filtersOf(query, currency, ctx.clock.now());
  const where = [query.bbox, query.near, query.radiusKm, query.place];
  const list = ['searchListings', ...where, query.checkIn, query.checkOut, { ...filters, stay: null }, sort];
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor, positionOf({ filters, sort }));

  const area = await areaOf(ctx, query);
  if (!area)
    return { found: [], nextCursor: null, count: 0, facets: facets ? noFacets(currency) : undefined };
  const { listings, count } = await findPage(ctx.db, { filters, area, sort }, { limit, after });
  const { data: found, nextCursor } = pageFrom(
    listings,
    limit,
    (listing) => listing,
    ({ position }) => encodeCursor(list, position),
  );
  return {
    found,
    nextCursor,
    count,
    facets: facets ? await countFacets(ctx.db, filters, area, currency) : undefined,
  };
}

function filtersOf(query: SearchQuery, currency: Currency, now: Date): Filters {
  const { guests, bedrooms, beds, bathrooms, minPrice, maxPrice, amenities, instantBook, sort } = query;
  const comparesPrices = minPrice !== undefined || maxPrice !== undefined || sort === 'price';
  return {
    guests,
    bedrooms,
    beds,
    bathrooms,
    currency: comparesPrices ? currency : undefined,
    minPrice,
    maxPrice,
    roomTypes: query.roomType,
    propertyTypes: query.propertyType,
    amenities,
    instantBook,
    words: query.q,
    stay: stayOf(query, now),
  };
}

const stayOf = ({ checkIn, checkOut, guests = 1 }: SearchQuery, now: Date): Stay | undefined =>
  checkIn === undefined || checkOut === undefined
    ? undefined
    : { checkIn, checkOut, nights: nightsBetween(checkIn, checkOut), guests, now };

/** Undefined when the place is nowhere. */
async function areaOf(
  ctx: Context,
  { bbox, near, radiusKm = DEFAULT_RADIUS_KM, place }: SearchQuery,
): Promise<Area | undefined> {
  if (bbox) return { kind: 'box', box: boxBetween(bbox) };
  if (near) {
    const metres = Math.round(radiusKm * 1_000);
    return { kind: 'circle', centre: near, metres, box: boxAround(near, metres) };
  }
  return place === undefined ? { kind: 'everywhere' } : findPlace(ctx.db, readPlace(place));
}

const quality = z.int().min(0).max(5_000);
const POSITIONS = {
  price: z.tuple([z.int().min(0).max(Number.MAX_SAFE_INTEGER), z.uuid()]),
  rating: z.tuple([z.int().min(0).max(500), z.int().min(0).max(2_147_483_647), z.uuid()]),
  distance: z.tuple([
    z
      .int()
      .min(0)
      .max(MAX_RADIUS_KM * 1_000),
    z.uuid(),
  ]),
  relevance: z.tuple([quality, z.uuid()]),
};
const POSITION_BY_WORDS = z.tuple([z.number().min(0).max(10), quality, z.uuid()]);

/** What the positions of a list hold, as cursors carry them. */
const positionOf = ({ filters, sort }: Pick<Search, 'filters' | 'sort'>) =>
  sort === 'relevance' && filters.words !== undefined ? POSITION_BY_WORDS : POSITIONS[sort];

const noFacets = (currency: Currency): FacetCounts => ({
  counted: 0,
  roomTypes: new Map(),
  propertyTypes: new Map(),
  amenities: new Map(),
  prices: { currency, step: 1, last: 0, counts: new Map() },
});

/** Of all listings of a big marketplace, in seconds. */
const MEND_WITHIN = 600;

/** Whether what search reads is what the listings and calendars say: triggers keep it so. */
export const checkSearch = (ctx: Context): Promise<{ wrong: number; mended: number }> =>
  transaction(ctx, async (tx) => {
    await allowSeconds(tx, MEND_WITHIN);
    return { wrong: await countDifferences(tx), mended: 0 };
  });

/** The same, and mends what is not. */
export const mendSearch = (ctx: Context): Promise<{ wrong: number; mended: number }> =>
  transaction(ctx, async (tx) => {
    await allowSeconds(tx, MEND_WITHIN);
    const mended = await mendDifferences(tx);
    return { wrong: mended, mended };
  });
