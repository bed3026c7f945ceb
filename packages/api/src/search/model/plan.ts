import type { RoomType } from '@sojourn/shared/vocabulary';
import type { Filters, Search, Sort } from './search.ts';

/**
 * How to read the cells. `merged`: from each cell the first in the order wanted, by an index, merged. `sorted`: all that
 * match, sorted; or everywhere, by an index that has the order. `gathered`: all again, where few match: they are read
 * once and kept, to sort and to count them. `bounded`, for the cheapest stays: an index has the least that a listing may
 * cost, and what the first by it do cost tells how far to read.
 */
export type Plan = 'merged' | 'sorted' | 'gathered' | 'bounded';

/** With fewer than this share matching, finding the first of each cell would read most of the cell. */
const FEW = 0.05;

export function planFor({ filters, area, sort }: Search): Plan {
  // Words have an index of their own, which knows neither cells nor orders.
  if (filters.words !== undefined || matchRate(filters, sort) < FEW) return 'gathered';
  if (filters.stay && sort === 'price') return 'bounded';
  return area.kind !== 'everywhere' && (sort === 'price' || sort === 'relevance') ? 'merged' : 'sorted';
}

// Shares of the 3,818 listings of Seattle in Inside Airbnb's data set of 2016-01-04. They need only be right by about a
// factor of two: near the limit both plans cost the same.
const SHARE_BY_GUESTS = [1, 1, 0.93, 0.51, 0.4, 0.2, 0.15, 0.06];
const SHARE_BY_BEDROOMS = [1, 0.9, 0.27, 0.1, 0.03];
const SHARE_BY_BEDS = [1, 1, 0.42, 0.18, 0.07];
const SHARE_BY_BATHROOMS = [1, 0.99, 0.17, 0.04];
const SHARE_BY_ROOM_TYPE: Record<RoomType, number> = {
  entirePlace: 0.66,
  privateRoom: 0.3,
  sharedRoom: 0.03,
  hotelRoom: 0.01,
};
const SHARE_OF_PROPERTY_TYPE = 0.2;
const SHARE_OF_AMENITY = 0.5;
const SHARE_OF_INSTANT_BOOK = 0.15;
const SHARE_WITHIN_PRICE = 0.4;
const SHARE_BOOKABLE = 0.5;

/** The share of listings that a search is expected to leave. */
function matchRate(filters: Filters, sort: Sort): number {
  const {
    guests = 0,
    bedrooms = 0,
    beds = 0,
    bathrooms = 0,
    minPrice,
    maxPrice,
    roomTypes,
    propertyTypes,
  } = filters;
  const atLeast = (shares: readonly number[], wanted: number) =>
    shares[Math.min(Math.floor(wanted), shares.length - 1)]!;
  const among = (shares: number[]) =>
    Math.min(
      1,
      shares.reduce((sum, share) => sum + share),
    );
  // Sorted by price, the index begins at the lower bound and ends at the upper: nothing outside is read.
  const priced = sort !== 'price' && (minPrice ?? maxPrice) !== undefined;
  return [
    atLeast(SHARE_BY_GUESTS, guests),
    atLeast(SHARE_BY_BEDROOMS, bedrooms),
    atLeast(SHARE_BY_BEDS, beds),
    atLeast(SHARE_BY_BATHROOMS, bathrooms),
    priced ? SHARE_WITHIN_PRICE : 1,
    filters.stay ? SHARE_BOOKABLE : 1,
    roomTypes ? among(roomTypes.map((type) => SHARE_BY_ROOM_TYPE[type])) : 1,
    propertyTypes ? among(propertyTypes.map(() => SHARE_OF_PROPERTY_TYPE)) : 1,
    SHARE_OF_AMENITY ** (filters.amenities?.length ?? 0),
    filters.instantBook ? SHARE_OF_INSTANT_BOOK : 1,
  ].reduce((rate, share) => rate * share);
}
