import type { ListingInput } from '@sojourn/shared/listing';
import { WEEKDAYS } from '@sojourn/shared/nights';
import {
  AMENITIES,
  type Amenity,
  LONG_STAY_POLICIES,
  PROPERTY_TYPES,
  type PropertyType,
  ROOM_TYPES,
  type RoomType,
} from '@sojourn/shared/vocabulary';
import type pg from 'pg';

/** What a host grants and asks of those who stay. */
export type StayRules = Pick<
  ListingInput,
  | 'weeklyDiscountPercent'
  | 'monthlyDiscountPercent'
  | 'earlyBirdDays'
  | 'earlyBirdPercent'
  | 'lastMinuteDays'
  | 'lastMinutePercent'
  | 'nonRefundableDiscountPercent'
  | 'minNights'
  | 'maxNights'
  | 'arrivalMinNights'
  | 'advanceNoticeHours'
  | 'bookingWindowDays'
  | 'preparationNights'
  | 'longStayPolicy'
>;

/** What search knows of a listing. */
export interface StoredListing extends StayRules {
  id: string;
  status: 'published' | 'paused' | 'draft';
  title: string;
  description: string;
  tags: string[];
  propertyType: PropertyType;
  roomType: RoomType;
  capacity: number;
  bedrooms: number | null;
  beds: number | null;
  bathrooms: number | null;
  amenities: Amenity[];
  latitude: number;
  longitude: number;
  address: {
    line1: string | null;
    neighbourhood: string | null;
    city: string | null;
    region: string | null;
    postalCode: string | null;
    country: string | null;
  };
  currency: 'USD' | 'EUR';
  price: number;
  instantBook: boolean;
  rating: number | null;
  reviewCount: number;
}

export type Random = () => number;

/** Mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <T>(random: Random, items: readonly T[]): T =>
  items[Math.floor(random() * items.length)]!;
export const whole = (random: Random, from: number, to: number) =>
  from + Math.floor(random() * (to - from + 1));

/** Towns in awkward places: astride the date line, at both poles, and two of one name. */
export const TOWNS = [
  { city: 'Brooklyn', region: 'NY', country: 'US', latitude: 40.65, longitude: -73.95 },
  { city: 'Brooklyn', region: 'Western Cape', country: 'ZA', latitude: -33.9, longitude: 18.48 },
  { city: 'Taveuni', region: null, country: 'FJ', latitude: -16.85, longitude: 179.99 },
  { city: 'São Tomé', region: 'Água Grande', country: 'ST', latitude: 0.01, longitude: 0.02 },
  { city: 'Alert', region: 'NU', country: 'CA', latitude: 89.97, longitude: -62 },
  { city: 'Amundsen', region: null, country: 'AQ', latitude: -89.96, longitude: 120 },
] as const;
export const WORDS = [
  'sunny',
  'loft',
  'garden',
  'quiet',
  'café',
  'Großes',
  'harbour',
  'attic',
  'view',
  'pool',
];

let made = 0;
/** Unique, and in no order of time. */
export function randomId(random: Random): string {
  made += 1;
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${made.toString(16).padStart(12, '0')}`;
}

export function randomListing(random: Random): StoredListing {
  const town = pick(random, TOWNS);
  const words = (count: number) => Array.from({ length: count }, () => pick(random, WORDS)).join(' ');
  const rated = random() < 0.6;
  const longitude = town.longitude + (random() - 0.5) * 0.6;
  return {
    id: randomId(random),
    status: random() < 0.85 ? 'published' : pick(random, ['paused', 'draft'] as const),
    title: words(whole(random, 1, 3)),
    description: words(whole(random, 1, 6)),
    tags: random() < 0.5 ? [pick(random, WORDS)] : [],
    propertyType: pick(random, PROPERTY_TYPES.slice(0, 4)),
    roomType: pick(random, ROOM_TYPES),
    capacity: whole(random, 1, 8),
    bedrooms: random() < 0.9 ? whole(random, 0, 4) : null,
    beds: random() < 0.9 ? whole(random, 0, 6) : null,
    bathrooms: random() < 0.9 ? whole(random, 0, 6) / 2 : null,
    amenities: AMENITIES.filter((_, index) => random() < (index % 8 === 0 ? 0.7 : 0.1)),
    latitude: Math.min(90, Math.max(-90, town.latitude + (random() - 0.5) * 0.4)),
    longitude: longitude > 180 ? longitude - 360 : longitude,
    address: {
      line1: 'Secret Street 1',
      neighbourhood: pick(random, ['Old Town', 'Harbour', null]),
      city: town.city,
      region: town.region,
      postalCode: 'XK 11',
      country: town.country,
    },
    currency: random() < 0.8 ? 'USD' : 'EUR',
    // Few different prices and ratings, so that much is equal and the id has to decide.
    price: whole(random, 3, 20) * 1_000,
    instantBook: random() < 0.5,
    rating: rated ? whole(random, 2, 20) / 4 : null,
    reviewCount: rated ? whole(random, 3, 6) : whole(random, 0, 2),
    ...randomRules(random),
  };
}

/** Half of the hosts leave each rule as it is. */
export function randomRules(random: Random): StayRules {
  const some = <T, U>(value: () => T, otherwise: U) => (random() < 0.5 ? value() : otherwise);
  const earlyBird = random() < 0.5;
  const lastMinute = random() < 0.5;
  return {
    weeklyDiscountPercent: some(() => whole(random, 1, 40), 0),
    monthlyDiscountPercent: some(() => whole(random, 1, 60), 0),
    earlyBirdDays: earlyBird ? whole(random, 1, 90) : null,
    earlyBirdPercent: earlyBird ? whole(random, 1, 30) : null,
    lastMinuteDays: lastMinute ? whole(random, 0, 60) : null,
    lastMinutePercent: lastMinute ? whole(random, 1, 30) : null,
    nonRefundableDiscountPercent: some(() => whole(random, 1, 20), null),
    minNights: some(() => whole(random, 2, 4), 1),
    maxNights: some(() => whole(random, 7, 35), 30),
    arrivalMinNights: some(
      () =>
        Object.fromEntries(WEEKDAYS.filter(() => random() < 0.3).map((day) => [day, whole(random, 1, 7)])),
      {},
    ),
    advanceNoticeHours: some(() => pick(random, [12, 48, 24 * 7]), 0),
    bookingWindowDays: some(() => pick(random, [30, 90, 365]), 730),
    preparationNights: some(() => whole(random, 1, 2), 0),
    longStayPolicy: pick(random, LONG_STAY_POLICIES),
  };
}

const COLUMNS = `id, host_id, status, title, description, property_type, room_type, capacity, bedrooms, beds, bathrooms,
  amenities, tags, house_rules, latitude, longitude, address, time_zone, currency, base_price, min_nights, max_nights,
  weekly_discount_percent, monthly_discount_percent, early_bird_days, early_bird_percent, last_minute_days,
  last_minute_percent, non_refundable_discount_percent, arrival_min_nights, advance_notice_hours, booking_window_days,
  preparation_nights, long_stay_policy,
  check_in_from, check_out_by, languages, cancellation_policy, instant_book, content_hash, rating, review_count,
  created_at, updated_at`;

/** Inserts listings, or brings them to what they are here, in one statement. */
export async function storeListings(
  db: pg.Pool | pg.Client,
  hostId: string,
  listings: readonly Partial<StoredListing>[],
) {
  const changes = COLUMNS.split(',').map((name) => `${name} = excluded.${name}`);
  await db.query(
    `insert into listings (${COLUMNS})
     select r.id, $1, r.status, r.title, r.description, r."propertyType", r."roomType", r.capacity, r.bedrooms, r.beds,
       r.bathrooms, r.amenities, r.tags, '{}', r.latitude, r.longitude, r.address, 'UTC', r.currency, r.price,
       coalesce(r."minNights", 1), coalesce(r."maxNights", 30),
       coalesce(r."weeklyDiscountPercent", 0), coalesce(r."monthlyDiscountPercent", 0), r."earlyBirdDays",
       r."earlyBirdPercent", r."lastMinuteDays", r."lastMinutePercent", r."nonRefundableDiscountPercent",
       coalesce(r."arrivalMinNights", '{}'), coalesce(r."advanceNoticeHours", 0), coalesce(r."bookingWindowDays", 730),
       coalesce(r."preparationNights", 0), coalesce(r."longStayPolicy", 'firmLongTerm'), '15:00',
       '11:00', '{}', 'moderate', r."instantBook", '', r.rating, r."reviewCount", '2026-01-01', '2026-01-01'
     from jsonb_to_recordset($2::jsonb) as r (id uuid, status text, title text, description text, "propertyType" text,
       "roomType" text, capacity integer, bedrooms integer, beds integer, bathrooms numeric, amenities text[], tags text[],
       latitude float8, longitude float8, address jsonb, currency text, price bigint, "instantBook" boolean, rating numeric,
       "reviewCount" integer, "minNights" integer, "maxNights" integer, "weeklyDiscountPercent" integer,
       "monthlyDiscountPercent" integer, "earlyBirdDays" integer, "earlyBirdPercent" integer, "lastMinuteDays" integer,
       "lastMinutePercent" integer, "nonRefundableDiscountPercent" integer, "arrivalMinNights" jsonb,
       "advanceNoticeHours" integer, "bookingWindowDays" integer, "preparationNights" integer, "longStayPolicy" text)
     on conflict (id) do update set ${changes}`,
    [hostId, JSON.stringify(listings)],
  );
}
