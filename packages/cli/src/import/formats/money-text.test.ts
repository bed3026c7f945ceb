import { CURRENCIES, MAX_AMOUNT, toDecimal } from '@sojourn/shared/money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAmount } from './money-text.ts';

describe('readAmount', () => {
  it.each([
    ['$1,379.00', 'USD', 137_900],
    ['149', 'USD', 14_900],
    ['$0.00', 'USD', 0],
    ['US$ 95.5', 'USD', 9_550],
    ['€105.94', 'EUR', 10_594],
    ['99 EUR', 'EUR', 9_900],
    ['1\u202f050,00'.replace(',', '.'), 'EUR', 105_000],
    ["1'200.50", 'CHF', 120_050],
    ['$12,000.00', 'JPY', 12_000],
    ['1.234', 'KWD', 1_234],
  ] as const)('reads %s in %s', (text, currency, amount) => {
    expect(readAmount(text, currency)).toBe(amount);
  });

  it.each([
    ['1.234,50 €', 123_450],
    ['12,5', 1_250],
    ['1.234', 123_400],
  ])('reads %s where the comma is the decimal mark', (text, amount) => {
    expect(readAmount(text, 'EUR', ',')).toBe(amount);
  });

  it.each([
    '',
    'abc',
    '-5',
    '($5.00)',
    '1,23',
    '12,50',
    '1,2345.00',
    '1.005',
    '99 USD',
    '1e3',
    '١٢٠',
    '$',
    '5 per night',
    '99999999999',
  ])('refuses %j rather than guess', (text) => {
    expect(readAmount(text, 'EUR')).toBeUndefined();
  });

  it('reads every amount as it is written, with and without groups', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...CURRENCIES),
        fc.integer({ min: 0, max: MAX_AMOUNT }),
        (currency, amount) => {
          const decimal = toDecimal({ amount, currency });
          const [units = '', fraction] = decimal.split('.');
          const grouped = `${units.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction ? `.${fraction}` : ''}`;
          for (const text of [decimal, grouped, `$${grouped}`, `${currency} ${decimal}`])
            expect([text, readAmount(text, currency)]).toEqual([text, amount]);
        },
      ),
    ));

  it('never takes long over anything', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('1', ',', '.', ' ', '$'), maxLength: 200 }),
        (text) => void readAmount(text, 'USD'),
      ),
    ));
});
