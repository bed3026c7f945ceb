import type { ListingInput } from '@sojourn/shared/listing';
import type { Currency, Money } from '@sojourn/shared/money';
import { WEEKDAYS } from '@sojourn/shared/nights';
import type {
  Amenity,
  CancellationPolicy,
  ListingStatus,
  LongStayPolicy,
  PropertyType,
  RoomType,
} from '@sojourn/shared/vocabulary';
import { type Selectable, sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import type { Db } from '../../platform/context.ts';
import type { ColumnTypes } from '../../platform/db/columnwise.ts';
import type { Listings } from '../../platform/db/rows.ts';
import type { Listing } from '../model.ts';

/** The columns that hold what the host wrote. Photos have a table of their own. */
export const CONTENT_TYPES = {
  external_id: 'text',
  title: 'text',
  description: 'text',
  property_type: 'text',
  room_type: 'text',
  capacity: 'integer',
  bedrooms: 'integer',
  beds: 'integer',
  bathrooms: 'numeric',
  amenities: 'text[]',
  tags: 'text[]',
  house_rules: 'jsonb',
  latitude: 'double precision',
  longitude: 'double precision',
  address: 'jsonb',
  time_zone: 'text',
  currency: 'text',
  base_price: 'bigint',
  weekend_price: 'bigint',
  cleaning_fee: 'bigint',
  extra_guest_fee: 'bigint',
  pet_fee: 'bigint',
  included_guests: 'integer',
  weekly_discount_percent: 'smallint',
  monthly_discount_percent: 'smallint',
  early_bird_days: 'smallint',
  early_bird_percent: 'smallint',
  last_minute_days: 'smallint',
  last_minute_percent: 'smallint',
  non_refundable_discount_percent: 'smallint',
  min_nights: 'integer',
  max_nights: 'integer',
  arrival_min_nights: 'jsonb',
  advance_notice_hours: 'smallint',
  booking_window_days: 'smallint',
  preparation_nights: 'smallint',
  check_in_from: 'text',
  check_in_until: 'text',
  check_out_by: 'text',
  languages: 'text[]',
  licence_number: 'text',
  cancellation_policy: 'text',
  long_stay_policy: 'text',
  instant_book: 'boolean',
} as const satisfies ColumnTypes & Partial<Record<keyof Listings, string>>;

type ContentColumn = keyof typeof CONTENT_TYPES;

/** What the host wrote as columns. All prices of a listing share one currency. */
export function columnsOf(content: ListingInput) {
  const prices = [
    content.basePrice,
    content.weekendPrice,
    content.cleaningFee,
    content.extraGuestFee,
    content.petFee,
  ];
  return {
    external_id: content.externalId,
    title: content.title,
    description: content.description,
    property_type: content.propertyType,
    room_type: content.roomType,
    capacity: content.capacity,
    bedrooms: content.bedrooms,
    beds: content.beds,
    bathrooms: content.bathrooms,
    amenities: content.amenities,
    tags: content.tags,
    house_rules: content.houseRules,
    latitude: content.location?.latitude ?? null,
    longitude: content.location?.longitude ?? null,
    address: content.location?.address ?? null,
    time_zone: content.timeZone,
    currency: prices.find((price) => price !== null)?.currency ?? null,
    base_price: content.basePrice?.amount ?? null,
    weekend_price: content.weekendPrice?.amount ?? null,
    cleaning_fee: content.cleaningFee?.amount ?? null,
    extra_guest_fee: content.extraGuestFee?.amount ?? null,
    pet_fee: content.petFee?.amount ?? null,
    included_guests: content.includedGuests,
    weekly_discount_percent: content.weeklyDiscountPercent,
    monthly_discount_percent: content.monthlyDiscountPercent,
    early_bird_days: content.earlyBirdDays,
    early_bird_percent: content.earlyBirdPercent,
    last_minute_days: content.lastMinuteDays,
    last_minute_percent: content.lastMinutePercent,
    non_refundable_discount_percent: content.nonRefundableDiscountPercent,
    min_nights: content.minNights,
    max_nights: content.maxNights,
    arrival_min_nights: content.arrivalMinNights,
    advance_notice_hours: content.advanceNoticeHours,
    booking_window_days: content.bookingWindowDays,
    preparation_nights: content.preparationNights,
    check_in_from: content.checkInFrom,
    check_in_until: content.checkInUntil,
    check_out_by: content.checkOutBy,
    languages: content.languages,
    licence_number: content.licenceNumber,
    cancellation_policy: content.cancellationPolicy,
    long_stay_policy: content.longStayPolicy,
    instant_book: content.instantBook,
  } satisfies Record<ContentColumn, unknown>;
}

const FACTS = [
  'id',
  'host_id',
  'status',
  'version',
  'rating',
  'review_count',
  'created_at',
  'updated_at',
] as const;
const COLUMNS = [...FACTS, ...(Object.keys(CONTENT_TYPES) as ContentColumn[])] as const;

export interface ListingRow extends Pick<Selectable<Listings>, (typeof COLUMNS)[number]> {
  photos: { id: string; url: string; caption: string | null }[];
}

/** Listings with their photos, in one statement. */
export const selectListings = (db: Db) =>
  db
    .selectFrom('listings')
    .select(COLUMNS)
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom('listing_photos as photo')
          .select(['photo.id', 'photo.url', 'photo.caption'])
          .where('photo.listing_id', '=', sql.ref<string>('listings.id'))
          .orderBy('photo.position'),
      ).as('photos'),
    );

export function listingOf(row: ListingRow): Listing {
  return {
    id: row.id,
    hostId: row.host_id,
    status: row.status as ListingStatus,
    version: row.version,
    content: contentOf(row),
    photoIds: row.photos.map(({ id }) => id),
    rating: row.rating,
    reviewCount: row.review_count,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Members in the order of the schema, at every depth: the fingerprint of the content is taken of their text. */
function contentOf(row: ListingRow): ListingInput {
  const money = (amount: number | null): Money | null =>
    amount === null ? null : { amount, currency: row.currency as Currency };
  return {
    externalId: row.external_id,
    title: row.title,
    description: row.description,
    propertyType: row.property_type as PropertyType,
    roomType: row.room_type as RoomType,
    capacity: row.capacity,
    bedrooms: row.bedrooms,
    beds: row.beds,
    bathrooms: row.bathrooms,
    amenities: row.amenities as Amenity[],
    tags: row.tags,
    houseRules: houseRulesOf(row),
    location: locationOf(row),
    timeZone: row.time_zone,
    basePrice: money(row.base_price),
    weekendPrice: money(row.weekend_price),
    cleaningFee: money(row.cleaning_fee),
    extraGuestFee: money(row.extra_guest_fee),
    petFee: money(row.pet_fee),
    includedGuests: row.included_guests,
    weeklyDiscountPercent: row.weekly_discount_percent,
    monthlyDiscountPercent: row.monthly_discount_percent,
    earlyBirdDays: row.early_bird_days,
    earlyBirdPercent: row.early_bird_percent,
    lastMinuteDays: row.last_minute_days,
    lastMinutePercent: row.last_minute_percent,
    nonRefundableDiscountPercent: row.non_refundable_discount_percent,
    minNights: row.min_nights,
    maxNights: row.max_nights,
    arrivalMinNights: arrivalMinNightsOf(row),
    advanceNoticeHours: row.advance_notice_hours,
    bookingWindowDays: row.booking_window_days,
    preparationNights: row.preparation_nights,
    checkInFrom: row.check_in_from,
    checkInUntil: row.check_in_until,
    checkOutBy: row.check_out_by,
    languages: row.languages,
    licenceNumber: row.licence_number,
    cancellationPolicy: row.cancellation_policy as CancellationPolicy | null,
    longStayPolicy: row.long_stay_policy as LongStayPolicy,
    instantBook: row.instant_book,
    photos: row.photos.map(({ url, caption }) => ({ url, caption })),
  };
}

// jsonb keeps no order of members, so each is put back in its place.
function houseRulesOf(row: ListingRow): ListingInput['houseRules'] {
  const { pets, smoking, events, notes } = row.house_rules as ListingInput['houseRules'];
  return { pets, smoking, events, notes };
}

function arrivalMinNightsOf(row: ListingRow): ListingInput['arrivalMinNights'] {
  const nights = row.arrival_min_nights as ListingInput['arrivalMinNights'];
  return Object.fromEntries(WEEKDAYS.filter((day) => day in nights).map((day) => [day, nights[day]]));
}

function locationOf({ latitude, longitude, address }: ListingRow): ListingInput['location'] {
  if (latitude === null || longitude === null) return null;
  const { line1, neighbourhood, city, region, postalCode, country } = address as NonNullable<
    ListingInput['location']
  >['address'];
  return { latitude, longitude, address: { line1, neighbourhood, city, region, postalCode, country } };
}
