import { LISTING_LIMITS } from '@sojourn/shared/listing';
import { Currency, MAX_AMOUNT, Money } from '@sojourn/shared/money';
import { LocalDate } from '@sojourn/shared/nights';
import { AMENITIES, PROPERTY_TYPES, ROOM_TYPES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import { publicPoint } from '../../listings/model.ts';
import { pageOf } from '../../platform/http/cursor.ts';
import { publicId } from '../../platform/id.ts';
import { StayMoney } from '../../pricing/stay-schema.ts';
import {
  COUNT_LIMIT,
  FACET_LIMIT,
  type FacetCounts,
  type FoundListing,
  type SearchOutcome,
} from '../model/search.ts';

const name = z.string().nullable();
const SearchResult = z
  .object({
    id: z.string().meta({ description: 'The id of the listing.' }),
    title: z.string(),
    propertyType: z.enum(PROPERTY_TYPES),
    roomType: z.enum(ROOM_TYPES),
    capacity: z.int().min(1).max(LISTING_LIMITS.capacity).meta({ description: 'Guests at most.' }),
    bedrooms: z.int().min(0).max(LISTING_LIMITS.bedrooms).nullable(),
    beds: z.int().min(0).max(LISTING_LIMITS.beds).nullable(),
    bathrooms: z.number().min(0).max(LISTING_LIMITS.bathrooms).nullable(),
    amenities: z.array(z.enum(AMENITIES)),
    location: z
      .object({
        latitude: z.number(),
        longitude: z.number(),
        neighbourhood: name,
        city: name,
        region: name,
        country: name,
      })
      .meta({ id: 'ResultLocation', description: 'WGS 84 degrees, rounded to three decimals, about 100 m.' }),
    basePrice: Money,
    rating: z.number().min(1).max(5).nullable(),
    reviewCount: z.int().min(0).max(2_147_483_647),
    instantBook: z.boolean(),
    photo: z
      .object({ url: z.string(), caption: z.string().nullable() })
      .nullable()
      .meta({ description: 'The first of its photos.' }),
    distanceKm: z
      .number()
      .min(0)
      .nullable()
      .meta({ description: 'From `near` to the rounded point, to the metre; null without `near`.' }),
    stay: z
      .object({
        checkIn: LocalDate,
        checkOut: LocalDate,
        nights: z.int().min(1).max(LISTING_LIMITS.maxNights),
        total: StayMoney.meta({ description: 'What the guest pays for all of it, as a quote has it.' }),
        nightlyAverage: StayMoney.meta({ description: 'The total by the number of nights, rounded.' }),
      })
      .nullable()
      .meta({
        id: 'ResultStay',
        description:
          'The stay that was searched for, without pets and at the standard rate; null without dates.',
      }),
  })
  .meta({ id: 'SearchResult', description: 'A published listing in short.' });

const count = z.int().min(0).max(FACET_LIMIT);
const choices = <T extends readonly [string, ...string[]]>(values: T) =>
  z.array(z.object({ value: z.enum(values), count }));
const Facets = z
  .object({
    roomType: choices(ROOM_TYPES),
    propertyType: choices(PROPERTY_TYPES),
    amenities: choices(AMENITIES),
    price: z
      .object({
        currency: Currency,
        buckets: z.array(
          z.object({
            from: z.int().min(0).max(MAX_AMOUNT).meta({ description: 'In minor units.' }),
            to: z
              .int()
              .min(0)
              .max(2 * MAX_AMOUNT)
              .nullable()
              .meta({ description: 'Not included; null for all that is dearer.' }),
            count,
          }),
        ),
      })
      .meta({
        id: 'PriceFacet',
        description:
          'Base prices of a night, or with dates totals of the stay, in steps of equal width, from the cheapest.',
      }),
    capped: z.boolean().meta({
      description: `Whether counting stopped after ${FACET_LIMIT} listings: the shares then tell more than the numbers.`,
    }),
  })
  .meta({
    id: 'SearchFacets',
    description:
      'How many results each further choice would give, most first. Room type, property type and price are counted as if nothing of the same kind were chosen; amenities on top of those chosen.',
  });

const example = {
  id: 'lst_01k9q2v7n8e6xrd5w3m4h1t0za',
  title: 'Sunny loft by the park',
  propertyType: 'loft',
  roomType: 'entirePlace',
  capacity: 4,
  bedrooms: 2,
  beds: 3,
  bathrooms: 1.5,
  amenities: ['wifi', 'kitchen'],
  location: {
    latitude: 40.758,
    longitude: -73.986,
    neighbourhood: 'Midtown',
    city: 'New York',
    region: 'NY',
    country: 'US',
  },
  basePrice: { amount: 12000, currency: 'USD' },
  rating: 4.85,
  reviewCount: 27,
  instantBook: true,
  photo: { url: 'https://images.example.com/loft.jpg', caption: 'Living room' },
  distanceKm: 0.042,
  stay: {
    checkIn: '2027-05-01',
    checkOut: '2027-05-05',
    nights: 4,
    total: { amount: 52000, currency: 'USD' },
    nightlyAverage: { amount: 13000, currency: 'USD' },
  },
};

export const SearchPage = pageOf(SearchResult)
  .extend({
    total: z.object({ count: z.int().min(0).max(COUNT_LIMIT), capped: z.boolean() }).meta({
      id: 'SearchTotal',
      description: `How many listings match. Counting stops at ${COUNT_LIMIT}: \`capped\` means more.`,
    }),
    facets: Facets.optional(),
  })
  .meta({
    id: 'SearchPage',
    examples: [{ data: [example], nextCursor: null, total: { count: 1, capped: false } }],
  });

export function toSearchPage({ found, nextCursor, count, facets }: SearchOutcome) {
  return {
    data: found.map(toSearchResult),
    nextCursor,
    total: { count: Math.min(count, COUNT_LIMIT), capped: count > COUNT_LIMIT },
    ...(facets && { facets: toFacets(facets) }),
  };
}

function toSearchResult({ id, position: _position, metres, point, address, ...listing }: FoundListing) {
  return {
    ...listing,
    id: publicId('lst', id),
    location: { ...publicPoint(point), ...address },
    distanceKm: metres === null ? null : metres / 1_000,
  };
}

const toFacets = ({ counted, roomTypes, propertyTypes, amenities, prices }: FacetCounts) => ({
  roomType: ranked(roomTypes),
  propertyType: ranked(propertyTypes),
  amenities: ranked(amenities),
  price: { currency: prices.currency, buckets: bucketsOf(prices) },
  capped: counted === FACET_LIMIT,
});

const ranked = <T extends string>(counts: ReadonlyMap<T, number>) =>
  [...counts]
    .filter(([, count]) => count > 0)
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([value, count]) => ({ value, count }));

function bucketsOf({ step, last, counts }: FacetCounts['prices']) {
  if (counts.size === 0) return [];
  const [lowest, highest] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index).map((at) => ({
    from: at * step,
    to: at === last ? null : (at + 1) * step,
    count: counts.get(at) ?? 0,
  }));
}
