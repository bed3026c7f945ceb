import { datesBetween, isWeekendNight, nightsBetween } from '@sojourn/shared/nights';
import { dateAt, instantAt } from '@sojourn/shared/zone';
import { publicId } from '../../platform/id.ts';
import { counted } from './counted.ts';
import type { FeeSchedule, ListingFacts, Policy, Rulebook, Stay, StayFacts } from './facts.ts';
import { rangeAt } from './facts.ts';
import { bpsOf, percentOf, sum } from './rounding.ts';
import { taxesIncluded, taxLines, taxRulesFor } from './taxes.ts';
import type { FeeTerms, Line, LineKind, PolicyTerms, Terms } from './terms.ts';

const WEEK_NIGHTS = 7;
/** From so many nights on a stay counts as long: the monthly discount and the policy for long stays hold. */
export const LONG_STAY_NIGHTS = 28;

/**
 * The price of a stay, whether or not it can be booked. Each line is rounded once, half-even to the minor unit; lines of
 * nothing are left out, and the lines add up to the total.
 */
export function priceStay(facts: StayFacts, stay: Stay, now: Date): Terms {
  const { listing, rulebook } = facts;
  const nights = datesBetween(stay.checkIn, stay.checkOut).map((date) => ({
    date,
    price: nightPrice(facts, date),
  }));
  const hostLines = [...nightLines(listing, stay, nights, now), ...feeLines(listing, stay, nights.length)];
  const subtotal = sum(hostLines.map(({ amount }) => amount));
  const fees = feeScheduleAt(rulebook, now);
  const taxed = { subtotal, nights: nights.length, guests: stay.guests };
  const taxRules = taxRulesFor(rulebook.taxRules, listing, now);
  const lines = [...hostLines, ...serviceFeeLines(fees, subtotal), ...taxLines(taxRules, taxed)];
  const hostFee = bpsOf(subtotal, fees.hostFeeBps);
  const includedTaxes = taxesIncluded(taxRules, taxed);
  return {
    currency: listing.currency,
    nights,
    lines,
    total: sum(lines.map(({ amount }) => amount)),
    subtotal,
    hostFee,
    hostPayout: subtotal - hostFee - sum(includedTaxes.map(({ amount }) => amount)),
    includedTaxes,
    fees,
    policy: policyOf(rulebook, listing, stay, now),
    timeZone: listing.timeZone,
    checkInFrom: listing.checkInFrom,
    checkOutBy: listing.checkOutBy,
    checkInAt: instantAt(stay.checkIn, listing.checkInFrom, listing.timeZone).toISOString(),
    checkOutAt: instantAt(stay.checkOut, listing.checkOutBy, listing.timeZone).toISOString(),
    preparationNights: listing.preparationNights,
    instantBook: listing.instantBook,
  };
}

/** The date's own price, else the season's, else the weekend's, else the base price. */
export function nightPrice({ listing, settings, seasons }: StayFacts, date: string): number {
  const weekend = isWeekendNight(date);
  const season = rangeAt(seasons, date);
  return (
    rangeAt(settings, date)?.price ??
    (weekend ? season?.weekendPrice : undefined) ??
    season?.price ??
    (weekend ? listing.weekendPrice : undefined) ??
    listing.basePrice
  );
}

/** The nights and what is taken off them. Each discount is of what those before it left. */
function nightLines(listing: ListingFacts, stay: Stay, nights: Terms['nights'], now: Date): Line[] {
  const prices = nights.map(({ price }) => price);
  const line: Line = {
    kind: 'nights',
    description: counted(nights.length, 'night'),
    quantity: nights.length,
    unitPrice: prices.every((price) => price === prices[0]) ? prices[0]! : null,
    amount: sum(prices),
  };
  const lines = [line];
  let left = line.amount;
  for (const discount of discountsOf(listing, stay, nights.length, now)) {
    const amount = percentOf(left, discount.percent);
    if (amount === 0) continue;
    lines.push({
      kind: discount.kind,
      description: `${discount.description}, ${discount.percent} %`,
      quantity: 1,
      unitPrice: null,
      amount: -amount,
    });
    left -= amount;
  }
  return lines;
}

interface Discount {
  kind: LineKind;
  description: string;
  percent: number;
}

function discountsOf(listing: ListingFacts, stay: Stay, nights: number, now: Date): Discount[] {
  const lead = nightsBetween(dateAt(now, listing.timeZone), stay.checkIn);
  return [
    lengthDiscount(listing, nights),
    leadDiscount(listing, lead),
    stay.nonRefundable ? nonRefundableDiscount(listing) : undefined,
  ].filter((discount) => discount !== undefined);
}

/** The longest that applies. */
function lengthDiscount(listing: ListingFacts, nights: number): Discount | undefined {
  const { monthlyDiscountPercent: monthly, weeklyDiscountPercent: weekly } = listing;
  if (nights >= LONG_STAY_NIGHTS && monthly > 0)
    return { kind: 'monthlyDiscount', description: 'Monthly discount', percent: monthly };
  if (nights >= WEEK_NIGHTS && weekly > 0)
    return { kind: 'weeklyDiscount', description: 'Weekly discount', percent: weekly };
  return undefined;
}

/** Early bird or last minute, never both: the larger. */
function leadDiscount(listing: ListingFacts, lead: number): Discount | undefined {
  const { earlyBirdDays, earlyBirdPercent, lastMinuteDays, lastMinutePercent } = listing;
  const early = earlyBirdDays !== null && lead >= earlyBirdDays ? (earlyBirdPercent ?? 0) : 0;
  const late = lastMinuteDays !== null && lead <= lastMinuteDays ? (lastMinutePercent ?? 0) : 0;
  if (early === 0 && late === 0) return undefined;
  return early >= late
    ? { kind: 'earlyBirdDiscount', description: 'Early-bird discount', percent: early }
    : { kind: 'lastMinuteDiscount', description: 'Last-minute discount', percent: late };
}

const nonRefundableDiscount = ({ nonRefundableDiscountPercent }: ListingFacts): Discount | undefined =>
  nonRefundableDiscountPercent === null
    ? undefined
    : {
        kind: 'nonRefundableDiscount',
        description: 'Non-refundable rate',
        percent: nonRefundableDiscountPercent,
      };

/** The host's own fees. */
function feeLines(listing: ListingFacts, { guests, pets }: Stay, nights: number): Line[] {
  const extra = Math.max(0, guests - (listing.includedGuests ?? listing.capacity));
  const once = (kind: LineKind, description: string, fee: number | null): Line[] =>
    fee ? [{ kind, description, quantity: 1, unitPrice: fee, amount: fee }] : [];
  return [
    ...extraGuestLines(listing.extraGuestFee ?? 0, extra, nights),
    ...once('cleaningFee', 'Cleaning fee', listing.cleaningFee),
    ...(pets > 0 ? once('petFee', 'Pet fee', listing.petFee) : []),
  ];
}

function extraGuestLines(fee: number, extra: number, nights: number): Line[] {
  const quantity = extra * nights;
  if (fee === 0 || quantity === 0) return [];
  const description = `${counted(extra, 'extra guest')}, ${counted(nights, 'night')}`;
  return [{ kind: 'extraGuests', description, quantity, unitPrice: fee, amount: fee * quantity }];
}

function serviceFeeLines({ guestFeeBps }: FeeTerms, subtotal: number): Line[] {
  const amount = bpsOf(subtotal, guestFeeBps);
  if (amount === 0) return [];
  return [{ kind: 'serviceFee', description: 'Service fee', quantity: 1, unitPrice: null, amount }];
}

/** Of versions, the one that holds at an instant: the last that has taken effect. */
function versionAt<V extends { effectiveFrom: Date }>(versions: readonly V[], now: Date): V | undefined {
  return versions
    .filter(({ effectiveFrom }) => effectiveFrom <= now)
    .reduce<V | undefined>(
      (last, one) => (last && last.effectiveFrom > one.effectiveFrom ? last : one),
      undefined,
    );
}

function feeScheduleAt({ feeSchedules }: Rulebook, now: Date): FeeTerms {
  const held = versionAt<FeeSchedule>(feeSchedules, now);
  if (!held) throw new Error(`No fee schedule holds at ${now.toISOString()}.`);
  const { id, name, mode, hostFeeBps, guestFeeBps } = held;
  return { id: publicId('fee', id), name, mode, hostFeeBps, guestFeeBps };
}

function policyOf({ policies }: Rulebook, listing: ListingFacts, stay: Stay, now: Date): PolicyTerms {
  const wanted = policyKeyOf(listing, stay);
  const held = versionAt<Policy>(
    policies.filter(({ key }) => key === wanted),
    now,
  );
  if (!held) throw new Error(`No version of the policy ${wanted} holds at ${now.toISOString()}.`);
  const { id, key, name, rules } = held;
  return { id: publicId('pol', id), key, name, rules };
}

function policyKeyOf(listing: ListingFacts, { nonRefundable, checkIn, checkOut }: Stay): string {
  if (nonRefundable) return 'nonRefundable';
  return nightsBetween(checkIn, checkOut) >= LONG_STAY_NIGHTS
    ? listing.longStayPolicy
    : listing.cancellationPolicy;
}
