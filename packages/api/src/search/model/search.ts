import type { Currency, Money } from '@sojourn/shared/money';
import { AMENITIES, type Amenity, type PropertyType, type RoomType } from '@sojourn/shared/vocabulary';
import { type Box, type Cells, cellsOf, type Point } from './grid.ts';
import type { PlaceReading } from './place.ts';

export const SORTS = ['relevance', 'price', 'rating', 'distance'] as const;
export type Sort = (typeof SORTS)[number];

/** What a listing must be to be found. What is left out does not matter. */
export interface Filters {
  guests?: number | undefined;
  bedrooms?: number | undefined;
  beds?: number | undefined;
  bathrooms?: number | undefined;
  /** Prices in two currencies do not compare: a bound on the price, and sorting by it, need one. */
  currency?: Currency | undefined;
  /** Of a night, or of the stay; in minor units of `currency`. */
  minPrice?: number | undefined;
  maxPrice?: number | undefined;
  /** One of these. */
  roomTypes?: readonly RoomType[] | undefined;
  propertyTypes?: readonly PropertyType[] | undefined;
  /** All of these. */
  amenities?: readonly Amenity[] | undefined;
  /** True leaves only what can be booked at once. */
  instantBook?: boolean | undefined;
  /** Words of the title, description, tags and place, in the syntax of a web search. */
  words?: string | undefined;
  /** What can be booked for it; then prices are those of the whole stay. */
  stay?: Stay | undefined;
}

/** The nights that are searched for, and who asks when: notice and some discounts depend on the moment. */
export interface Stay {
  checkIn: string;
  checkOut: string;
  nights: number;
  guests: number;
  now: Date;
}

/** Where to look. The cells of a place are those in which its names occur. */
export type Area =
  | { kind: 'everywhere' }
  | { kind: 'box'; box: Box }
  | { kind: 'circle'; centre: Point; metres: number; box: Box }
  | { kind: 'place'; names: PlaceReading; cells: Cells };

/** The cells that hold all listings of an area, and others. */
export function cellsFor(area: Area): Cells {
  if (area.kind === 'everywhere') return { size: 'large', numbers: undefined, block: undefined };
  return area.kind === 'place' ? area.cells : cellsOf(area.box);
}

/** The two words of bits, one bit an amenity, that a listing with all of these has set; as decimal texts of int8. */
export function amenityMask(amenities: readonly Amenity[]): { low: string; high: string } {
  const bits = amenities.reduce((mask, name) => mask | (1n << BigInt(AMENITIES.indexOf(name))), 0n);
  return { low: String(BigInt.asIntN(64, bits)), high: String(BigInt.asIntN(64, bits >> 64n)) };
}

export interface Search {
  filters: Filters;
  area: Area;
  sort: Sort;
}

/** What a list is sorted by, of one listing: one or two numbers, and the id, which makes it unique. */
export type Position = readonly (number | string)[];

export interface FoundStay {
  checkIn: string;
  checkOut: string;
  nights: number;
  total: Money;
  nightlyAverage: Money;
}

/** A listing as lists of results show it. */
export interface FoundListing {
  id: string;
  position: Position;
  /** From the centre of the circle that is searched. */
  metres: number | null;
  title: string;
  propertyType: PropertyType;
  roomType: RoomType;
  capacity: number;
  bedrooms: number | null;
  beds: number | null;
  bathrooms: number | null;
  amenities: Amenity[];
  /** Exact: not for guests. */
  point: Point;
  address: Record<'neighbourhood' | 'city' | 'region' | 'country', string | null>;
  basePrice: Money;
  rating: number | null;
  reviewCount: number;
  instantBook: boolean;
  photo: { url: string; caption: string | null } | null;
  /** What was searched for, when it was a stay. */
  stay: FoundStay | null;
}

/** Counting stops here: what lies beyond costs time, and nobody reads that far. */
export const COUNT_LIMIT = 1_000;

/** Facets are counted over at most so many listings, so that they cost the same anywhere. */
export const FACET_LIMIT = 5_000;

/** How many results each further choice would give. */
export interface FacetCounts {
  /** Listings that were looked at: `FACET_LIMIT` when there are more. */
  counted: number;
  roomTypes: ReadonlyMap<RoomType, number>;
  propertyTypes: ReadonlyMap<PropertyType, number>;
  amenities: ReadonlyMap<Amenity, number>;
  /** By steps of equal width; the step `last` holds all that is dearer, so that a few castles do not flatten the rest. */
  prices: { currency: Currency; step: number; last: number; counts: ReadonlyMap<number, number> };
}

/** One page of a search. */
export interface SearchOutcome {
  found: FoundListing[];
  nextCursor: string | null;
  /** How many there are in all; `COUNT_LIMIT` + 1 when there are more. */
  count: number;
  facets: FacetCounts | undefined;
}
