import type { Currency } from '@sojourn/shared/money';
import type { Weekday } from '@sojourn/shared/nights';
import type { ListingStatus } from '@sojourn/shared/vocabulary';
import { CompiledQuery } from 'kysely';
import type pg from 'pg';
import type { Db } from '../../platform/context.ts';
import type {
  DateRange,
  DateSetting,
  ListingFacts,
  SeasonRange,
  StayFacts,
  TakenNights,
} from '../model/facts.ts';

/** What a listing's own tables say of a stay, and whether guests may know of the listing. */
export interface FoundStay extends Omit<StayFacts, 'rulebook'> {
  status: ListingStatus;
}

export interface StayQuery {
  listingId: string;
  /** The first and the last day that count, the day of departure among them. */
  window: DateRange;
  /** A booking whose own nights do not count as taken. */
  exceptBookingId: string | null;
}

/** Preparation is 30 nights at most: so far beside the window another stay may matter. */
const NEIGHBOUR_DAYS = 31;

// Ranges as the model has them, in order.
const ranges = (table: string, column: string, members: string, where: string) => `(
  select coalesce(json_agg(json_build_object('from', lower(${column}), 'to', upper(${column}), ${members}) order by ${column}), '[]')
  from ${table} where listing_id = $1 and ${where})`;
const inWindow = `dates && daterange($2::date, $3::date, '[]')`;

const TEXT = `
  select id, host_id, status, address, time_zone, check_in_from, check_out_by, capacity, house_rules, instant_book,
    currency, base_price, weekend_price, cleaning_fee, extra_guest_fee, pet_fee, included_guests,
    weekly_discount_percent, monthly_discount_percent, early_bird_days, early_bird_percent, last_minute_days,
    last_minute_percent, non_refundable_discount_percent, min_nights, max_nights, arrival_min_nights,
    advance_notice_hours, booking_window_days, preparation_nights, cancellation_policy, long_stay_policy,
    ${ranges(
      'calendar_settings',
      'dates',
      `'price', price, 'minNights', min_nights, 'maxNights', max_nights,
       'closedToArrival', closed_to_arrival, 'closedToDeparture', closed_to_departure`,
      inWindow,
    )} as settings,
    ${ranges(
      'seasons',
      'dates',
      `'price', price, 'weekendPrice', weekend_price, 'minNights', min_nights, 'maxNights', max_nights`,
      inWindow,
    )} as seasons,
    ${ranges(
      'occupied_nights',
      'nights',
      `'kind', kind, 'preparationNights', preparation_nights`,
      `nights && daterange($2::date - ${NEIGHBOUR_DAYS}, $3::date + ${NEIGHBOUR_DAYS}) and ($4::uuid is null or booking_id is distinct from $4)`,
    )} as taken
  from listings where id = $1`;

interface Row {
  id: string;
  host_id: string;
  status: ListingStatus;
  address: { country: string | null; region: string | null; city: string | null } | null;
  time_zone: string | null;
  check_in_from: string;
  check_out_by: string;
  capacity: number | null;
  house_rules: { pets: boolean | null };
  instant_book: boolean;
  currency: Currency | null;
  base_price: number | null;
  weekend_price: number | null;
  cleaning_fee: number | null;
  extra_guest_fee: number | null;
  pet_fee: number | null;
  included_guests: number | null;
  weekly_discount_percent: number;
  monthly_discount_percent: number;
  early_bird_days: number | null;
  early_bird_percent: number | null;
  last_minute_days: number | null;
  last_minute_percent: number | null;
  non_refundable_discount_percent: number | null;
  min_nights: number;
  max_nights: number;
  arrival_min_nights: Partial<Record<Weekday, number>>;
  advance_notice_hours: number;
  booking_window_days: number;
  preparation_nights: number;
  cancellation_policy: string | null;
  long_stay_policy: string;
  settings: DateSetting[];
  seasons: SeasonRange[];
  taken: TakenNights[];
}

/**
 * All of it in one statement, which PostgreSQL plans once a connection. Kysely has no way to name a statement: within a
 * transaction it is planned each time.
 */
export async function findStay(db: Db, pool: pg.Pool, query: StayQuery): Promise<FoundStay | undefined> {
  const values = [query.listingId, query.window.from, query.window.to, query.exceptBookingId];
  const { rows } = db.isTransaction
    ? await db.executeQuery<Row>(CompiledQuery.raw(TEXT, values))
    : await pool.query<Row>({ name: 'stay_facts', text: TEXT, values });
  const row = rows[0];
  if (!row) return undefined;
  const { status, settings, seasons, taken } = row;
  return { status, listing: listingOf(row), settings, seasons, taken };
}

/** What is not published may lack what has a value here nevertheless: no price of it is ever told. */
const listingOf = (row: Row): ListingFacts => ({
  id: row.id,
  hostId: row.host_id,
  published: row.status === 'published',
  country: row.address?.country ?? null,
  region: row.address?.region ?? null,
  city: row.address?.city ?? null,
  timeZone: row.time_zone ?? 'UTC',
  checkInFrom: row.check_in_from,
  checkOutBy: row.check_out_by,
  capacity: row.capacity ?? 0,
  petsAllowed: row.house_rules.pets !== false,
  instantBook: row.instant_book,
  currency: row.currency ?? 'USD',
  basePrice: row.base_price ?? 0,
  weekendPrice: row.weekend_price,
  cleaningFee: row.cleaning_fee,
  extraGuestFee: row.extra_guest_fee,
  petFee: row.pet_fee,
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
  arrivalMinNights: row.arrival_min_nights,
  advanceNoticeHours: row.advance_notice_hours,
  bookingWindowDays: row.booking_window_days,
  preparationNights: row.preparation_nights,
  cancellationPolicy: row.cancellation_policy ?? '',
  longStayPolicy: row.long_stay_policy,
});
