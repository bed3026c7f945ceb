import { CURRENCIES, toDecimal } from '@sojourn/shared/money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { price } from './price.ts';

describe('price', () => {
  it('reads as people write it', () => {
    expect(price({ amount: 12_000, currency: 'USD' })).toBe('$120');
    expect(price({ amount: 11_950, currency: 'EUR' })).toBe('€119.50');
    expect(price({ amount: 12_000, currency: 'JPY' })).toBe('¥12,000');
    expect(price(null)).toBe('');
    expect(price({ amount: 5, currency: 'new' })).toBe('5 new (minor units)');
  });
  it.each(CURRENCIES)('says the same as the decimal of %s', (currency) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), (amount) => {
        const digits = price({ amount, currency }).replace(/[^\d.]/g, '');
        expect(Number(digits)).toBe(Number(toDecimal({ amount, currency })));
      }),
    );
  });
});
