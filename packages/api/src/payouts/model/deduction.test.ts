import type { Currency } from '@sojourn/shared/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepOf } from '../../payments/model/stripe-amount.ts';
import { deduct } from './deduction.ts';
import { type Debt, nextAttemptAfter, type Payout } from './payout.ts';
import { replan } from './replan.ts';
import { reversalsFrom } from './reversing.ts';

const NOW = new Date('2027-05-02T14:00:00Z');

const payout = (over: Partial<Payout>): Payout => ({
  id: 'p',
  hostId: 'host',
  bookingId: 'b',
  currency: 'EUR',
  amount: 100,
  deducted: 0,
  reversed: 0,
  status: 'scheduled',
  dueAt: NOW,
  nextAttemptAt: NOW,
  attempts: 0,
  failure: null,
  stripeAccountId: null,
  sourceCharge: null,
  stripeTransferId: null,
  paidAt: null,
  createdAt: NOW,
  updatedAt: NOW,
  ...over,
});
const debt = (over: Partial<Debt>): Debt => ({
  id: 'd',
  hostId: 'host',
  bookingId: 'b',
  kind: 'penalty',
  currency: 'EUR',
  amount: 1_000_000,
  remaining: 100,
  createdAt: NOW,
  ...over,
});
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const hosts = fc.constantFrom('one', 'other');
const currencies = fc.constantFrom<Currency>('EUR', 'KWD');
const payouts = fc
  .array(fc.record({ hostId: hosts, currency: currencies, amount: fc.integer({ min: 1, max: 2_000 }) }), {
    maxLength: 8,
  })
  .map((some) => some.map((one, index) => payout({ ...one, id: `p${index}` })));
const debts = fc
  .array(fc.record({ hostId: hosts, currency: currencies, remaining: fc.integer({ min: 1, max: 2_000 }) }), {
    maxLength: 8,
  })
  .map((some) => some.map((one, index) => debt({ ...one, id: `d${index}` })));

test('nothing gets lost between payouts and debts: what is sent, deducted and left over adds up', () => {
  fc.assert(
    fc.property(payouts, debts, (due, owed) => {
      const { sendings, deductions } = deduct(due, owed);
      sendings.forEach(({ payout: was, amount, deducted, leftOver }) => {
        expect(amount + leftOver).toBe(was.amount);
        expect((amount - deducted) % stepOf(was.currency)).toBe(0);
        expect(leftOver).toBeLessThan(stepOf(was.currency));
        const own = deductions.filter(({ payoutId }) => payoutId === was.id);
        expect(sum(own.map(({ amount: part }) => part))).toBe(deducted);
      });
      for (const { id, remaining } of owed)
        expect(
          sum(deductions.filter(({ debtId }) => debtId === id).map(({ amount }) => amount)),
        ).toBeLessThanOrEqual(remaining);
      for (const hostId of ['one', 'other'])
        for (const currency of ['EUR', 'KWD']) {
          const of = <T extends { hostId: string; currency: string }>(all: readonly T[]) =>
            all.filter((one) => one.hostId === hostId && one.currency === currency);
          const paid = sum(
            of(sendings.map(({ payout: was, deducted }) => ({ ...was, deducted }))).map(
              ({ deducted }) => deducted,
            ),
          );
          const most = Math.min(
            sum(of(due).map(({ amount }) => amount)),
            sum(of(owed).map(({ remaining }) => remaining)),
          );
          expect(paid).toBe(most);
        }
    }),
  );
});

test('the oldest debt is paid first, over as many payouts as it takes', () => {
  const due = [payout({ id: 'p1', amount: 60 }), payout({ id: 'p2', amount: 100 })];
  const { sendings, deductions } = deduct(due, [
    debt({ id: 'old', remaining: 90 }),
    debt({ id: 'new', remaining: 20 }),
  ]);
  expect(deductions).toEqual([
    { payoutId: 'p1', debtId: 'old', amount: 60 },
    { payoutId: 'p2', debtId: 'old', amount: 30 },
    { payoutId: 'p2', debtId: 'new', amount: 20 },
  ]);
  expect(sendings.map(({ amount, deducted }) => amount - deducted)).toEqual([0, 50]);
});

const paid = fc
  .array(
    fc.record({
      currency: fc.constant<Currency>('EUR'),
      amount: fc.integer({ min: 1, max: 2_000 }),
      shares: fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)),
    }),
    { maxLength: 6 },
  )
  .map((some) =>
    some.map(({ currency, amount, shares: [a, b, c] }, index) => {
      const deducted = Math.floor((amount * a) / 100);
      const reversed = Math.floor(((amount - deducted) * b) / 100);
      const reversing = Math.floor(((amount - deducted - reversed) * c) / 100);
      return {
        ...payout({ id: `p${index}`, currency, amount, deducted, reversed, status: 'paid' }),
        reversing,
      };
    }),
  );

test('what is taken back comes from what was sent and is still there; the rest is owed', () => {
  fc.assert(
    fc.property(paid, fc.nat(15_000), (some, amount) => {
      const { reversals, owed } = reversalsFrom(some, amount);
      const left = sum(some.map((one) => one.amount - one.deducted - one.reversed - one.reversing));
      expect(sum(reversals.map((reversal) => reversal.amount))).toBe(Math.min(amount, left));
      expect(sum(reversals.map((reversal) => reversal.amount)) + owed).toBe(amount);
    }),
  );
});

test('payouts that wait keep their place: they are changed, added to or given up', () => {
  const later = new Date('2027-06-02T14:00:00Z');
  const waiting = [payout({ id: 'p1' }), payout({ id: 'p2', dueAt: later })];
  expect(replan(waiting, [{ dueAt: NOW, amount: 100 }])).toEqual({
    changed: [],
    added: [],
    cancelled: ['p2'],
  });
  expect(
    replan(waiting.slice(0, 1), [
      { dueAt: NOW, amount: 50 },
      { dueAt: later, amount: 7 },
    ]),
  ).toEqual({
    changed: [{ id: 'p1', dueAt: NOW, amount: 50 }],
    added: [{ dueAt: later, amount: 7 }],
    cancelled: [],
  });
});

test('what failed is tried again after an hour, then twice as long, and every day in the end', () => {
  const hours = [1, 2, 3, 4, 5, 6, 60].map(
    (attempts) => (nextAttemptAfter(attempts, NOW).getTime() - NOW.getTime()) / 3_600_000,
  );
  expect(hours).toEqual([1, 2, 4, 8, 16, 24, 24]);
});
