import { CURRENCIES, type Currency, exponentOf, MAX_AMOUNT } from '@sojourn/shared/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromStripeAmount, movable, stepOf, toStripeAmount } from './stripe-amount.ts';

const currency = fc.constantFrom<Currency>(...CURRENCIES);
const amount = fc.integer({ min: 0, max: MAX_AMOUNT });

test('what Stripe counts is the very same sum, or none at all', () => {
  fc.assert(
    fc.property(amount, currency, (sum, code) => {
      const counted = toStripeAmount(sum, code);
      if (counted === undefined) expect([exponentOf(code), sum % 10 === 0]).toEqual([3, false]);
      else expect(fromStripeAmount(counted, code)).toBe(sum);
    }),
  );
});

test('what can be moved of a sum is all but less than a step, and Stripe takes it', () => {
  fc.assert(
    fc.property(amount, currency, (sum, code) => {
      const moved = movable(sum, code);
      expect(sum - moved).toBeLessThan(stepOf(code));
      expect(moved).toBeLessThanOrEqual(sum);
      expect(toStripeAmount(moved, code)).toBeDefined();
    }),
  );
});

// The examples of https://docs.stripe.com/currencies.
test.each<[number, Currency, number | undefined]>([
  [1_000, 'USD', 1_000],
  [500, 'JPY', 500],
  [5, 'UGX', 500],
  [5, 'ISK', 500],
  [5_120, 'KWD', 5_120],
  [5_124, 'KWD', undefined],
  [1_045, 'HUF', 1_045],
  [80_045, 'TWD', 80_045],
])('%i minor units of %s are %s at Stripe', (sum, code, counted) => {
  expect(toStripeAmount(sum, code)).toBe(counted);
});
