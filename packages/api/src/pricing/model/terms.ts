import type { Currency } from '@sojourn/shared/money';

// What was agreed about a stay, frozen on its quote and on the booking made of it: a later change of prices, fees,
// policies or taxes touches neither. Stored as JSON: dates are texts, instants ISO texts, amounts minor units.

export const LINE_KINDS = [
  'nights',
  'weeklyDiscount',
  'monthlyDiscount',
  'earlyBirdDiscount',
  'lastMinuteDiscount',
  'nonRefundableDiscount',
  'extraGuests',
  'cleaningFee',
  'petFee',
  'serviceFee',
  'tax',
] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** One line of the price. All lines add up to the total exactly; discounts are negative. */
export interface Line {
  kind: LineKind;
  description: string;
  quantity: number;
  /** Of one; null where the amount is a share of something, and for nights of several prices. */
  unitPrice: number | null;
  amount: number;
}

/** A part of the price that is no line of it: tax that the prices include. */
export interface IncludedTax {
  description: string;
  amount: number;
}

export interface FeeTerms {
  /** The schedule that held, `fee_…`. */
  id: string;
  name: string;
  mode: 'split' | 'hostOnly';
  /** Hundredths of a percent of the subtotal. */
  hostFeeBps: number;
  guestFeeBps: number;
}

/** What the host keeps of the nights: some whole, and a share of the rest. */
export interface Kept {
  nights: number;
  percentOfRest: number;
}

/**
 * A cancellation policy as data. A guest who cancels gets back the percent of the first step that is not yet past; past
 * all steps and before check-in the host keeps `late`, after check-in the nights stayed and `during` of the others.
 */
export interface PolicyRules {
  /** Ordered by `hoursBeforeCheckIn`, most first; percents never rise. */
  steps: { hoursBeforeCheckIn: number; percent: number }[];
  late: Kept;
  during: Kept;
  /** All back within so many hours of the confirmation, when that was so many days before check-in. */
  grace: { hours: number; daysBeforeCheckIn: number } | null;
}

export interface PolicyTerms {
  /** The version that held, `pol_…`. */
  id: string;
  key: string;
  name: string;
  rules: PolicyRules;
}

export interface Terms {
  currency: Currency;
  /** Every night of the stay with its price before discounts. */
  nights: { date: string; price: number }[];
  lines: Line[];
  /** What the guest pays. */
  total: number;
  /** Nights after discounts and the host's own fees, before service fee and taxes. */
  subtotal: number;
  hostFee: number;
  hostPayout: number;
  includedTaxes: IncludedTax[];
  fees: FeeTerms;
  policy: PolicyTerms;
  timeZone: string;
  /** Local times of day. */
  checkInFrom: string;
  checkOutBy: string;
  /** Instants, ISO 8601. */
  checkInAt: string;
  checkOutAt: string;
  /** Nights after the stay that no other stay may take. */
  preparationNights: number;
  instantBook: boolean;
}
