import type { Currency } from '@sojourn/shared/money';
import type { Weekday } from '@sojourn/shared/nights';
import type { FeeTerms, PolicyRules, PolicyTerms } from './terms.ts';

// All that the price of a stay, and whether it can be booked, are made of. Ranges of dates are half-open, in order, and
// those of one kind never overlap.

/** What somebody asks for. */
export interface Stay {
  checkIn: string;
  checkOut: string;
  guests: number;
  pets: number;
  /** The lower price without any refund. */
  nonRefundable: boolean;
}

export interface DateRange {
  from: string;
  to: string;
}

/** What the host set for dates of the calendar; null where nothing was set. */
export interface DateSetting extends DateRange {
  price: number | null;
  minNights: number | null;
  maxNights: number | null;
  closedToArrival: boolean | null;
  closedToDeparture: boolean | null;
}

export interface SeasonRange extends DateRange {
  price: number | null;
  weekendPrice: number | null;
  minNights: number | null;
  maxNights: number | null;
}

/** Nights that are taken, by whatever. */
export interface TakenNights extends DateRange {
  kind: 'hold' | 'booking' | 'block' | 'feed';
  /** After a stay, free of other stays. */
  preparationNights: number;
}

/** What counts of a listing. Amounts are minor units of its currency. */
export interface ListingFacts {
  /** Ids are the database's. */
  id: string;
  hostId: string;
  published: boolean;
  country: string | null;
  region: string | null;
  city: string | null;
  timeZone: string;
  checkInFrom: string;
  checkOutBy: string;
  capacity: number;
  petsAllowed: boolean;
  instantBook: boolean;
  currency: Currency;
  basePrice: number;
  weekendPrice: number | null;
  cleaningFee: number | null;
  extraGuestFee: number | null;
  petFee: number | null;
  includedGuests: number | null;
  weeklyDiscountPercent: number;
  monthlyDiscountPercent: number;
  earlyBirdDays: number | null;
  earlyBirdPercent: number | null;
  lastMinuteDays: number | null;
  lastMinutePercent: number | null;
  nonRefundableDiscountPercent: number | null;
  minNights: number;
  maxNights: number;
  arrivalMinNights: Partial<Record<Weekday, number>>;
  advanceNoticeHours: number;
  bookingWindowDays: number;
  preparationNights: number;
  /** Keys of policies: of stays under 28 nights, and of longer ones. */
  cancellationPolicy: string;
  longStayPolicy: string;
}

export interface FeeSchedule extends Omit<FeeTerms, 'id'> {
  /** The database's. */
  id: string;
  effectiveFrom: Date;
  createdAt: Date;
}

export interface Policy extends Omit<PolicyTerms, 'id'> {
  /** The database's. */
  id: string;
  rules: PolicyRules;
  effectiveFrom: Date;
  createdAt: Date;
}

export const TAX_KINDS = ['percent', 'perNight', 'perGuestNight'] as const;
export type TaxKind = (typeof TAX_KINDS)[number];

/** A tax on stays in a country, or in a region or city of it. */
export interface TaxRule {
  /** The database's. */
  id: string;
  name: string;
  country: string;
  region: string | null;
  city: string | null;
  kind: TaxKind;
  /** Of a percent, in hundredths of a percent of the subtotal. */
  bps: number | null;
  /** Of the other kinds. */
  amount: number | null;
  currency: Currency | null;
  /** The prices of hosts include it. */
  inclusive: boolean;
  /** Longer stays are free of it. */
  maxNights: number | null;
  effectiveFrom: Date;
  effectiveUntil: Date | null;
  createdAt: Date;
}

/** What the marketplace asks of all stays: every version that may still take effect. */
export interface Rulebook {
  feeSchedules: FeeSchedule[];
  policies: Policy[];
  taxRules: TaxRule[];
}

export interface StayFacts {
  listing: ListingFacts;
  settings: DateSetting[];
  seasons: SeasonRange[];
  taken: TakenNights[];
  rulebook: Rulebook;
}

/** The range that a date lies in. */
export function rangeAt<R extends DateRange>(ranges: readonly R[], date: string): R | undefined {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.to <= date) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low];
  return found && found.from <= date ? found : undefined;
}
