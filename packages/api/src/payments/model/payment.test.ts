import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Payment, refundsFrom, summaryOf } from './payment.ts';

const payment = (over: Partial<Payment>): Payment => ({
  id: '0199',
  reference: '0198',
  payerId: '0197',
  capture: 'automatic',
  status: 'succeeded',
  currency: 'EUR',
  amount: 100,
  captured: 100,
  refunded: 0,
  failure: null,
  intentId: null,
  chargeId: null,
  checkoutSessionId: null,
  paymentMethod: null,
  captureRequestedAt: null,
  ...over,
});
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const amounts = fc
  .record({ captured: fc.nat(1_000_000), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ captured, share }) =>
    payment({ amount: captured, captured, refunded: Math.floor(captured * share) }),
  );

test('what is given back is never more than what is left, of any payment and in all', () => {
  fc.assert(
    fc.property(fc.array(amounts, { minLength: 1, maxLength: 6 }), fc.nat(5_000_000), (payments, amount) => {
      const left = sum(payments.map(({ captured, refunded }) => captured - refunded));
      const refunds = refundsFrom(payments, amount);
      for (const refund of refunds) {
        expect(refund.amount).toBeGreaterThan(0);
        expect(refund.amount).toBeLessThanOrEqual(refund.payment.captured - refund.payment.refunded);
      }
      expect(sum(refunds.map((refund) => refund.amount))).toBe(Math.min(amount, left));
    }),
  );
});

test('the newest payment is given back first', () => {
  const [first, second] = [payment({ id: 'first' }), payment({ id: 'second', amount: 30, captured: 30 })];
  const refunds = refundsFrom([first, second], 50).map((refund) => [refund.payment.id, refund.amount]);
  expect(refunds).toEqual([
    ['second', 30],
    ['first', 20],
  ]);
});

test('payments for one thing are told as one; those that were given up count only where there are no others', () => {
  const given = payment({ id: 'given up', status: 'cancelled', captured: 0 });
  const paid = payment({ id: 'paid', refunded: 10 });
  const more = payment({ id: 'more', amount: 20, captured: 20 });
  expect(summaryOf([given, paid, more])).toMatchObject({
    id: 'more',
    status: 'succeeded',
    amount: 120,
    captured: 120,
    refunded: 10,
  });
  expect(summaryOf([given])).toMatchObject({ id: 'given up', status: 'cancelled', amount: 100, captured: 0 });
});
