import type { Currency } from '@sojourn/shared/money';
import { addDays } from '@sojourn/shared/nights';
import { instantAt } from '@sojourn/shared/zone';
import { apportion, percentOf, share, sum } from './rounding.ts';
import type { Kept, LineKind, Terms } from './terms.ts';

// What a guest who cancels gets back. Decisions, all of them so that a refund never rises as time passes:
// - An amount that comes back is rounded half-even, once a line; what the host keeps is the rest.
// - A night counts as stayed when its date is over in the listing's zone, so that at check-in nothing jumps: "the first
//   night" before it and "the nights stayed and one more" after it are the same night.
// - Each night has its share of the discounts and of the fee for extra guests.
// - Cleaning and pet fee follow the percent of a step, and past all steps the share of the nights that comes back; once
//   the stay has begun they are kept.
// - The service fee comes back when all else does, and stays otherwise.
// - Taxes come back in proportion to the subtotal that comes back.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A part of the price, and what of it comes back. */
export interface RefundLine {
  kind: Extract<LineKind, 'nights' | 'extraGuests' | 'cleaningFee' | 'petFee' | 'serviceFee' | 'tax'>;
  description: string;
  /** Nights after discounts. */
  paid: number;
  refund: number;
}

export interface Refund {
  /** Back to the guest: the sum of the lines. */
  refund: number;
  /** What stays of the subtotal. */
  hostKeeps: number;
  lines: RefundLine[];
}

/** What of the host's own prices comes back: a percent, of all nights or of those after the first few. */
interface Claim {
  after: number;
  percent: number;
  /** Whether cleaning and pet fee come back in the same proportion; else they are kept. */
  fees: boolean;
}

/** What of an agreement refunds are made of, worked out once. */
interface Basis {
  terms: Terms;
  /** Of each night: its price after discounts, and its fee for extra guests. */
  nights: number[];
  extraGuests: number[];
  /** When each night of the stay is over: the midnights of the listing's zone, in epoch milliseconds. */
  midnights: number[];
  checkIn: number;
  checkOut: number;
}

/**
 * What comes back when the guest cancels at an instant.
 *
 * @param confirmedAt null while the stay is not confirmed: then everything comes back
 */
export const refundAt = (terms: Terms, confirmedAt: Date | null, at: Date): Refund =>
  refundOf(basisOf(terms), confirmedAt, at.getTime());

function refundOf(basis: Basis, confirmedAt: Date | null, at: number): Refund {
  const { subtotal } = basis.terms;
  const claim = claimAt(basis, confirmedAt, at);
  const hostLines = [...accommodationLines(basis, claim), ...hostFeeLines(basis, claim)];
  const back = sum(hostLines.map(({ refund }) => refund));
  const all = back === subtotal && claim.percent > 0 && claim.fees;
  const lines = [...hostLines, ...marketplaceLines(basis, back, all)];
  return { refund: sum(lines.map(({ refund }) => refund)), hostKeeps: subtotal - back, lines };
}

function claimAt(basis: Basis, confirmedAt: Date | null, at: number): Claim {
  const { steps, late, during } = basis.terms.policy.rules;
  if (confirmedAt === null) return ofEverything(100);
  if (at >= basis.checkOut) return ofEverything(0);
  if (at >= basis.checkIn)
    return ofRest({ ...during, nights: nightsStayed(basis, at) + during.nights }, { fees: false });
  if (at < graceEnd(basis, confirmedAt)) return ofEverything(100);
  const step = steps.find(({ hoursBeforeCheckIn }) => at < basis.checkIn - hoursBeforeCheckIn * HOUR_MS);
  return step ? ofEverything(step.percent) : ofRest(late, { fees: true });
}

const ofEverything = (percent: number): Claim => ({ after: 0, percent, fees: true });
const ofRest = ({ nights, percentOfRest }: Kept, { fees }: { fees: boolean }): Claim => ({
  after: nights,
  percent: 100 - percentOfRest,
  fees,
});

/** Until when everything comes back for having just been confirmed, in epoch milliseconds; never past check-in. */
function graceEnd({ terms, checkIn }: Basis, confirmedAt: Date): number {
  const { grace } = terms.policy.rules;
  if (!grace || confirmedAt.getTime() > checkIn - grace.daysBeforeCheckIn * DAY_MS)
    return Number.NEGATIVE_INFINITY;
  return Math.min(confirmedAt.getTime() + grace.hours * HOUR_MS, checkIn);
}

const nightsStayed = ({ midnights }: Basis, at: number): number =>
  midnights.filter((midnight) => midnight <= at).length;

function basisOf(terms: Terms): Basis {
  const prices = terms.nights.map(({ price }) => price);
  const discounts = sum(terms.lines.filter(({ amount }) => amount < 0).map(({ amount }) => amount));
  const evenly = prices.map(() => 1);
  return {
    terms,
    nights: apportion(sum(prices) + discounts, prices),
    extraGuests: apportion(amountOf(terms, 'extraGuests'), evenly),
    midnights: terms.nights.map(({ date }) => instantAt(addDays(date, 1), '00:00', terms.timeZone).getTime()),
    checkIn: Date.parse(terms.checkInAt),
    checkOut: Date.parse(terms.checkOutAt),
  };
}

const amountOf = ({ lines }: Terms, kind: LineKind): number =>
  sum(lines.filter((line) => line.kind === kind).map(({ amount }) => amount));

function accommodationLines({ terms, nights, extraGuests }: Basis, { after, percent }: Claim): RefundLine[] {
  return terms.lines.flatMap(({ kind, description }) => {
    if (kind !== 'nights' && kind !== 'extraGuests') return [];
    const amounts = kind === 'nights' ? nights : extraGuests;
    const refund = percentOf(sum(amounts.slice(after)), percent);
    return [{ kind, description, paid: sum(amounts), refund }];
  });
}

function hostFeeLines({ terms, nights, extraGuests }: Basis, { after, percent, fees }: Claim): RefundLine[] {
  const all = sum(nights) + sum(extraGuests);
  const rest = sum(nights.slice(after)) + sum(extraGuests.slice(after));
  const backOf = (fee: number) => {
    if (!fees) return 0;
    if (after === 0) return percentOf(fee, percent);
    // Rounded once: of a share of the nights that was rounded before, a small stay would get too much.
    return all === 0 ? 0 : share(fee, BigInt(rest) * BigInt(percent), BigInt(all) * 100n);
  };
  return terms.lines.flatMap(({ kind, description, amount }) =>
    kind === 'cleaningFee' || kind === 'petFee'
      ? [{ kind, description, paid: amount, refund: backOf(amount) }]
      : [],
  );
}

function marketplaceLines({ terms }: Basis, back: number, all: boolean): RefundLine[] {
  const taxBack = (amount: number) => {
    if (all) return amount;
    return terms.subtotal === 0 ? 0 : share(amount, back, terms.subtotal);
  };
  return terms.lines.flatMap(({ kind, description, amount }): RefundLine[] => {
    if (kind === 'serviceFee') return [{ kind, description, paid: amount, refund: all ? amount : 0 }];
    if (kind === 'tax') return [{ kind, description, paid: amount, refund: taxBack(amount) }];
    return [];
  });
}

/** Before an instant, so much comes back. */
export interface RefundStep {
  until: Date;
  refund: number;
}

/**
 * Every change of what comes back, from the confirmation to the check-out: before `until` it is `refund`, from then on
 * what the next entry says. After the last one nothing comes back.
 */
export function refundSchedule(terms: Terms, confirmedAt: Date): RefundStep[] {
  const basis = basisOf(terms);
  const from = confirmedAt.getTime();
  const instants = [...new Set(changesOf(basis, confirmedAt))]
    .filter((time) => time > from)
    .sort((a, b) => a - b);
  const schedule: RefundStep[] = [];
  let since = from;
  for (const until of instants) {
    const { refund } = refundOf(basis, confirmedAt, since);
    const last = schedule.at(-1);
    if (last?.refund === refund) last.until = new Date(until);
    else schedule.push({ until: new Date(until), refund });
    since = until;
  }
  return schedule;
}

/** Every instant at which the rules may give another refund, in epoch milliseconds. */
function changesOf(basis: Basis, confirmedAt: Date): number[] {
  const { terms, checkIn, checkOut, midnights } = basis;
  const steps = terms.policy.rules.steps.map(
    ({ hoursBeforeCheckIn }) => checkIn - hoursBeforeCheckIn * HOUR_MS,
  );
  const nights = midnights.filter((time) => time > checkIn && time < checkOut);
  return [graceEnd(basis, confirmedAt), ...steps, checkIn, ...nights, checkOut];
}

/** Until when everything comes back; null when that is at no time so. */
export function freeCancellationUntil(terms: Terms, schedule: readonly RefundStep[]): Date | null {
  const first = schedule[0];
  return first && first.refund === terms.total ? first.until : null;
}

// Of a host who cancels, by the public terms of Airbnb (November 2026). The bounds are told in US dollars only, and hold
// for stays that are paid in them.
const FAR_DAYS = 30;
const NEAR_HOURS = 48;
const PENALTY_BOUNDS: Partial<Record<Currency, { min: number; max: number }>> = {
  USD: { min: 5_000, max: 100_000 },
};

/** What a host who cancels at an instant owes the marketplace, in minor units; the guest gets everything back. */
export function hostPenalty(terms: Terms, at: Date): number {
  const { min, max } = PENALTY_BOUNDS[terms.currency] ?? { min: 0, max: Number.MAX_SAFE_INTEGER };
  return Math.min(max, Math.max(min, shareOwed(basisOf(terms), at.getTime())));
}

function shareOwed(basis: Basis, at: number): number {
  const ahead = basis.checkIn - at;
  if (ahead > FAR_DAYS * DAY_MS) return percentOf(basis.terms.subtotal, 10);
  if (ahead > NEAR_HOURS * HOUR_MS) return percentOf(basis.terms.subtotal, 25);
  const stayed = nightsStayed(basis, at);
  return percentOf(sum(basis.nights.slice(stayed)) + sum(basis.extraGuests.slice(stayed)), 50);
}
