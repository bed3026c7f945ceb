import { MAX_AMOUNT } from '@sojourn/shared/money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortPrice } from './short-price.ts';

describe('a short price', () => {
  it.each([
    [12_000, 'USD', '120'],
    [11_950, 'USD', '120'],
    [950, 'USD', '9.5'],
    [9_999, 'USD', '100'],
    [99_960, 'USD', '1k'],
    [137_900, 'USD', '1.4k'],
    [400_000, 'USD', '4k'],
    [120_000, 'JPY', '120k'],
    [1_200_000, 'VND', '1.2m'],
    [45_500, 'KWD', '45.5'],
    [4_255, 'KWD', '4.25'],
    [MAX_AMOUNT, 'VND', '10b'],
    [5, 'XXX', '?'],
  ])('of %d %s is %s', (amount, currency, text) => {
    expect(shortPrice({ amount, currency })).toBe(text);
  });

  it('never takes more than four columns, and is off by a twentieth at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX_AMOUNT }),
        fc.constantFrom('USD', 'JPY', 'KWD'),
        (amount, currency) => {
          const text = shortPrice({ amount, currency });
          expect(text.length).toBeLessThanOrEqual(4);
          const factor = { k: 1e3, m: 1e6, b: 1e9 }[text.at(-1)!] ?? 1;
          const shown = Number.parseFloat(text) * factor * { USD: 100, JPY: 1, KWD: 1_000 }[currency]!;
          expect(Math.abs(shown - amount)).toBeLessThanOrEqual(amount / 20 + 5);
        },
      ),
    );
  });
});
