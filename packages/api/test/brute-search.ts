import { publicPoint } from '../src/listings/model.ts';
import type { StoredListing } from './random-listings.ts';

// What search must answer, found the slow way: every listing is looked at, by rules written down a second time.

/** The query of a search before it is made text. */
export interface Wanted {
  bbox?: { west: number; south: number; east: number; north: number };
  near?: { latitude: number; longitude: number };
  radiusKm?: number;
  place?: string;
  guests?: number;
  bedrooms?: number;
  beds?: number;
  bathrooms?: number;
  minPrice?: number;
  maxPrice?: number;
  currency?: string;
  roomType?: string[];
  propertyType?: string[];
  amenities?: string[];
  instantBook?: boolean;
  q?: string;
  sort?: 'relevance' | 'price' | 'rating' | 'distance';
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

export function metresBetween(
  a: { latitude: number; longitude: number },
  b: { latitude: number; longitude: number },
): number {
  const half = (angle: number) => Math.sin(radians(angle) / 2) ** 2;
  const haversine =
    half(a.latitude - b.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude - b.longitude);
  return Math.round(2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(haversine))));
}

export const plain = (text: string) =>
  text.replaceAll('ß', 'ss').normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Whether a listing matches, but for filters named in `leftOut`. */
export function matches(
  listing: StoredListing,
  wanted: Wanted,
  leftOut: readonly (keyof Wanted)[] = [],
): boolean {
  const given = Object.fromEntries(
    Object.entries(wanted).filter(([name]) => !leftOut.includes(name as keyof Wanted)),
  ) as Wanted;
  const { bbox, near, radiusKm = 10, place, roomType, propertyType, amenities = [], q } = given;
  const atLeast = (value: number | null, least: number | undefined) =>
    least === undefined || (value !== null && value >= least);
  const point = publicPoint(listing);
  const prices = given.minPrice !== undefined || given.maxPrice !== undefined || given.sort === 'price';
  return (
    listing.status === 'published' &&
    (!bbox || isInside(point, bbox)) &&
    (!near || metresBetween(point, near) <= radiusKm * 1_000) &&
    (!place || namesOf(listing).includes(plain(place).replaceAll(/\s+/g, ' '))) &&
    atLeast(listing.capacity, given.guests) &&
    atLeast(listing.bedrooms, given.bedrooms) &&
    atLeast(listing.beds, given.beds) &&
    atLeast(listing.bathrooms, given.bathrooms) &&
    (!prices || listing.currency === (given.currency ?? 'USD')) &&
    listing.price >= (given.minPrice ?? 0) &&
    listing.price <= (given.maxPrice ?? Number.MAX_SAFE_INTEGER) &&
    (!roomType || roomType.includes(listing.roomType)) &&
    (!propertyType || propertyType.includes(listing.propertyType)) &&
    amenities.every((name) => (listing.amenities as string[]).includes(name)) &&
    (!given.instantBook || listing.instantBook) &&
    (!q ||
      plain(q)
        .split(' ')
        .every((word) => wordsOf(listing).includes(word)))
  );
}

function isInside(
  point: { latitude: number; longitude: number },
  { west, south, east, north }: NonNullable<Wanted['bbox']>,
) {
  const [end, nextTurn] = west > east ? [east + 360, 360] : [east, 0];
  const inSpan = (longitude: number) => longitude >= west - 1e-9 && longitude <= end + 1e-9;
  return (
    point.latitude >= south - 1e-9 &&
    point.latitude <= north + 1e-9 &&
    (inSpan(point.longitude) ||
      inSpan(point.longitude + nextTurn) ||
      inSpan(point.longitude + 360) ||
      inSpan(point.longitude - 360))
  );
}

const namesOf = ({ address }: StoredListing) =>
  [address.neighbourhood, address.city, address.region].filter((name) => name !== null).map(plain);

export const wordsOf = ({ title, description, tags, address, propertyType }: StoredListing) =>
  plain(
    [title, description, ...tags, propertyType, address.neighbourhood, address.city, address.region].join(
      ' ',
    ),
  ).split(/[\s/]+/);

/** The keys that decide, most important first, each ascending. */
function keysOf(listing: StoredListing, { sort = 'relevance', near }: Wanted): (number | string)[] {
  const { id, price, rating, reviewCount } = listing;
  if (sort === 'price') return [price, id];
  if (sort === 'distance') return [metresBetween(publicPoint(listing), near!), id];
  const hundredths = Math.round((rating ?? 0) * 100);
  if (sort === 'rating') return [-hundredths, -reviewCount, reversed(id)];
  const quality =
    rating === null ? 4_500 : Math.trunc((10 * (2_250 + hundredths * reviewCount)) / (5 + reviewCount));
  return [-quality, reversed(id)];
}

const reversed = (id: string) =>
  id.replaceAll(/[0-9a-f]/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));

export function bruteSearch(listings: Iterable<StoredListing>, wanted: Wanted): StoredListing[] {
  return [...listings]
    .filter((listing) => matches(listing, wanted))
    .map((listing) => ({ listing, keys: keysOf(listing, wanted) }))
    .sort((a, b) => {
      const at = a.keys.findIndex((key, index) => key !== b.keys[index]);
      return at < 0 ? 0 : a.keys[at]! < b.keys[at]! ? -1 : 1;
    })
    .map(({ listing }) => listing);
}

/** As it is sent. */
export function queryString({ bbox, near, ...wanted }: Wanted, more: Record<string, unknown> = {}): string {
  const query = new URLSearchParams();
  if (bbox) query.set('bbox', [bbox.west, bbox.south, bbox.east, bbox.north].join(','));
  if (near) query.set('near', [near.latitude, near.longitude].join(','));
  for (const [name, value] of Object.entries({ ...wanted, ...more }))
    if (value !== undefined) query.set(name, String(value));
  return query.toString();
}
