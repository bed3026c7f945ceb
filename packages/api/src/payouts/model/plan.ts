import { addDays } from '@sojourn/shared/nights';
import { instantAt } from '@sojourn/shared/zone';
import { movable } from '../../payments/model/stripe-amount.ts';
import type { Terms } from '../../pricing/model/terms.ts';

/** What a host gets, and from when. */
export interface Instalment {
  dueAt: Date;
  /** In minor units. */
  amount: number;
}

export interface Entitlement {
  terms: Pick<Terms, 'nights' | 'checkInAt' | 'checkInFrom' | 'timeZone' | 'currency'>;
  /** What the host gets of the booking in all. */
  entitlement: number;
  /** What of it was sent, or is being sent, less what was taken back. */
  settled: number;
  /** Nothing goes to a new host before; null when the first payout was made. */
  firstPayoutHoldUntil: Date | null;
}

const HOUR_MS = 3_600_000;
/** From the check-in to the payout: time for the guest to say that something is wrong. */
const HOURS_AFTER_CHECK_IN = 24;
/** Stays of so many nights are paid by the month. */
const MONTHLY_NIGHTS = 28;

/**
 * What of a stay is still to be paid to its host, and when: a day after the check-in, or, of a stay of 28 nights or more,
 * a day after the check-in for the nights of the first month and then every month. Each instalment is the share of its
 * nights in all that the host gets, the last the rest: what is settled counts towards the first of them.
 */
export function planOf({ terms, entitlement, settled, firstPayoutHoldUntil }: Entitlement): Instalment[] {
  let covered = settled;
  return monthsOf(terms).flatMap(({ dueAt, nightsUntil }) => {
    const upTo = shareOf(entitlement, nightsUntil, terms);
    const amount = upTo - covered;
    if (amount <= 0) return [];
    covered = upTo;
    return [{ dueAt: later(dueAt, firstPayoutHoldUntil), amount }];
  });
}

const later = (one: Date, other: Date | null) => (other !== null && other > one ? other : one);

/** In whole amounts that Stripe can move, except in the end. Products of the two can be larger than what a double holds. */
function shareOf(
  entitlement: number,
  nightsUntil: number,
  { nights, currency }: Entitlement['terms'],
): number {
  if (nightsUntil >= nights.length) return entitlement;
  return movable(Number((BigInt(entitlement) * BigInt(nightsUntil)) / BigInt(nights.length)), currency);
}

/** The instants at which something is due, each with the number of nights that are paid for then. */
function monthsOf(terms: Entitlement['terms']): { dueAt: Date; nightsUntil: number }[] {
  const { nights, checkInAt } = terms;
  const first = afterCheckIn(new Date(checkInAt));
  if (nights.length < MONTHLY_NIGHTS) return [{ dueAt: first, nightsUntil: nights.length }];
  const begins = beginningsOfMonths(nights.map(({ date }) => date));
  return begins.map((begin, month) => {
    const next = begins[month + 1];
    return {
      dueAt: month === 0 ? first : afterCheckIn(instantAt(begin, terms.checkInFrom, terms.timeZone)),
      nightsUntil: next === undefined ? nights.length : nights.filter(({ date }) => date < next).length,
    };
  });
}

const afterCheckIn = (at: Date) => new Date(at.getTime() + HOURS_AFTER_CHECK_IN * HOUR_MS);

/** The dates at which the months of a stay begin. */
function beginningsOfMonths(nights: readonly string[]): string[] {
  const begins: string[] = [];
  for (let month = 0; ; month++) {
    const begin = monthsLater(nights[0]!, month);
    if (begin > nights.at(-1)!) return begins;
    begins.push(begin);
  }
}

/** The same day so many months later, or the last of a month that has no such day. */
export function monthsLater(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const monthsSince = year * 12 + (month - 1) + months;
  const lastDay = Number(addDays(firstOf(monthsSince + 1), -1).slice(8));
  return `${firstOf(monthsSince).slice(0, 8)}${String(Math.min(day, lastDay)).padStart(2, '0')}`;
}

const firstOf = (monthsSince: number) =>
  `${String(Math.floor(monthsSince / 12)).padStart(4, '0')}-${String((monthsSince % 12) + 1).padStart(2, '0')}-01`;
