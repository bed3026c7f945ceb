import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CURRENCIES, exponentOf, fromDecimal, MAX_AMOUNT, Money, toDecimal } from './money.ts';

const money = fc.record({
  amount: fc.integer({ min: 0, max: MAX_AMOUNT }),
  currency: fc.constantFrom(...CURRENCIES),
});

describe('money', () => {
  test('as a decimal comes back to the minor unit, in every currency', () => {
    fc.assert(
      fc.property(money, (value) => {
        const text = toDecimal(value);
        expect(fromDecimal(text, value.currency)).toBe(value.amount);
        expect(text.split('.')[1]?.length ?? 0).toBe(exponentOf(value.currency));
      }),
    );
  });

  test.each([
    ['120', 'EUR', 12_000],
    ['120.5', 'EUR', 12_050],
    ['0.05', 'EUR', 5],
    ['120.500', 'EUR', 12_050],
    ['120.505', 'EUR', undefined],
    ['500', 'JPY', 500],
    ['500.0', 'JPY', 500],
    ['500.5', 'JPY', undefined],
    ['1.234', 'KWD', 1_234],
    ['-1', 'EUR', undefined],
    ['1,000', 'EUR', undefined],
    ['1e3', 'EUR', undefined],
    ['', 'EUR', undefined],
    ['99999999.99', 'EUR', 9_999_999_999],
    ['100000000.00', 'EUR', undefined],
  ] as const)('%s %s is %s minor units', (text, currency, amount) => {
    expect(fromDecimal(text, currency)).toBe(amount);
  });

  test('any other text is no amount, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...CURRENCIES), (text, currency) => {
        const amount = fromDecimal(text, currency);
        if (amount !== undefined) expect(Money.safeParse({ amount, currency }).success).toBe(true);
      }),
    );
  });
});
