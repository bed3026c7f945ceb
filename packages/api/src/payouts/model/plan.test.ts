import type { Currency } from '@sojourn/shared/money';
import { addDays, datesBetween } from '@sojourn/shared/nights';
import { instantAt } from '@sojourn/shared/zone';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepOf } from '../../payments/model/stripe-amount.ts';
import { type Entitlement, monthsLater, planOf } from './plan.ts';

const termsOf = (
  checkIn: string,
  nights: number,
  { timeZone = 'Europe/Lisbon', currency = 'EUR' as Currency } = {},
): Entitlement['terms'] => ({
  nights: datesBetween(checkIn, addDays(checkIn, nights)).map((date) => ({ date, price: 10_000 })),
  checkInAt: instantAt(checkIn, '15:00', timeZone).toISOString(),
  checkInFrom: '15:00',
  timeZone,
  currency,
});
const plan = (over: Partial<Entitlement> = {}) =>
  planOf({
    terms: termsOf('2027-05-01', 4),
    entitlement: 40_000,
    settled: 0,
    firstPayoutHoldUntil: null,
    ...over,
  });
const told = (planned: ReturnType<typeof planOf>) =>
  planned.map(({ dueAt, amount }) => [dueAt.toISOString(), amount]);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const stays = fc.record({
  terms: fc
    .record({
      day: fc.integer({ min: 0, max: 1_500 }),
      nights: fc.integer({ min: 1, max: 400 }),
      timeZone: fc.constantFrom('Europe/Lisbon', 'America/New_York', 'Pacific/Apia', 'Asia/Kathmandu'),
      currency: fc.constantFrom<Currency>('EUR', 'JPY', 'KWD'),
    })
    .map(({ day, nights, ...rest }) => termsOf(addDays('2027-01-01', day), nights, rest)),
  entitlement: fc.oneof(fc.nat(10_000_000), fc.maxSafeNat()),
});

test('what is planned and what is settled add up to what the host gets, to the minor unit', () => {
  fc.assert(
    fc.property(stays, fc.double({ min: 0, max: 1.2, noNaN: true }), ({ terms, entitlement }, share) => {
      const settled = Math.min(Math.floor(entitlement * share), Number.MAX_SAFE_INTEGER);
      const planned = plan({ terms, entitlement, settled });
      expect(sum(planned.map(({ amount }) => amount))).toBe(Math.max(0, entitlement - settled));
      for (const { amount } of planned) expect(amount).toBeGreaterThan(0);
    }),
  );
});

test('after each instalment that was settled, the rest is planned exactly as it was before', () => {
  fc.assert(
    fc.property(stays, ({ terms, entitlement }) => {
      const whole = plan({ terms, entitlement });
      let settled = 0;
      whole.forEach(({ amount }, index) => {
        expect(plan({ terms, entitlement, settled })).toEqual(whole.slice(index));
        settled += amount;
      });
      expect(plan({ terms, entitlement, settled })).toEqual([]);
    }),
  );
});

test('each instalment of a long stay is the share of its nights, to the last step', () => {
  fc.assert(
    fc.property(stays, ({ terms, entitlement }) => {
      const planned = plan({ terms, entitlement: entitlement % 1_000_000_000 });
      const times = planned.map(({ dueAt }) => dueAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      for (const { amount } of planned.slice(0, -1)) {
        expect(amount % stepOf(terms.currency)).toBe(0);
        const longest = (31 * (entitlement % 1_000_000_000)) / terms.nights.length;
        expect(amount).toBeLessThanOrEqual(longest + stepOf(terms.currency));
      }
    }),
  );
});

test('a stay is paid a day after the check-in, where the home is', () => {
  expect(told(plan())).toEqual([['2027-05-02T14:00:00.000Z', 40_000]]);
  expect(told(plan({ terms: termsOf('2027-05-01', 27) }))).toHaveLength(1);
});

test('a stay of 28 nights or more is paid by the month, at the same time of day whatever the clocks do', () => {
  const terms = termsOf('2027-02-15', 60);
  expect(told(plan({ terms, entitlement: 600_000 }))).toEqual([
    ['2027-02-16T15:00:00.000Z', 280_000],
    ['2027-03-16T15:00:00.000Z', 310_000],
    // In April it is summer in Lisbon.
    ['2027-04-16T14:00:00.000Z', 10_000],
  ]);
  expect(told(plan({ terms: termsOf('2027-02-15', 28), entitlement: 280_000 }))).toEqual([
    ['2027-02-16T15:00:00.000Z', 280_000],
  ]);
});

test('a month that has no such day begins on its last, and the next has the day again', () => {
  expect([1, 2, 3, 12, 13].map((months) => monthsLater('2027-01-31', months))).toEqual([
    '2027-02-28',
    '2027-03-31',
    '2027-04-30',
    '2028-01-31',
    '2028-02-29',
  ]);
  expect(monthsLater('2027-12-05', 1)).toBe('2028-01-05');
});

test('the first payout of a new host is held back, and what is due later than that is not', () => {
  const terms = termsOf('2027-05-01', 40);
  const firstPayoutHoldUntil = new Date('2027-05-20T00:00:00Z');
  expect(told(plan({ terms, entitlement: 40_000, firstPayoutHoldUntil }))).toEqual([
    ['2027-05-20T00:00:00.000Z', 31_000],
    ['2027-06-02T14:00:00.000Z', 9_000],
  ]);
});

test('of a currency with three decimals only the last instalment has what Stripe cannot move', () => {
  const terms = termsOf('2027-05-01', 61, { currency: 'KWD' });
  const amounts = plan({ terms, entitlement: 1_000_007 }).map(({ amount }) => amount);
  expect(amounts).toEqual([508_200, 491_807]);
});

test('when a host gets more than before, what was paid counts towards the first instalments', () => {
  const terms = termsOf('2027-05-01', 61);
  expect(told(plan({ terms, entitlement: 122_000, settled: 31_000 }))).toEqual([
    ['2027-05-02T14:00:00.000Z', 31_000],
    ['2027-06-02T14:00:00.000Z', 60_000],
  ]);
  expect(plan({ terms, entitlement: 20_000, settled: 31_000 })).toEqual([]);
});
