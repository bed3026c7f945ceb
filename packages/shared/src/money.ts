import { z } from 'zod';

/**
 * ISO 4217 currencies that a marketplace may charge in, with the number of digits of their minor unit
 * (the currencies Stripe can present, https://docs.stripe.com/currencies, with ISO's own exponents).
 */
// biome-ignore format: a table reads better than a column
export const CURRENCY_EXPONENTS = {
  AED: 2, ARS: 2, AUD: 2, BGN: 2, BHD: 3, BRL: 2, CAD: 2, CHF: 2, CLP: 0, CNY: 2, COP: 2, CZK: 2, DKK: 2,
  EGP: 2, EUR: 2, GBP: 2, HKD: 2, HUF: 2, IDR: 2, ILS: 2, INR: 2, ISK: 0, JOD: 3, JPY: 0, KES: 2, KRW: 0,
  KWD: 3, MAD: 2, MXN: 2, MYR: 2, NOK: 2, NZD: 2, OMR: 3, PEN: 2, PHP: 2, PLN: 2, RON: 2, RSD: 2, SAR: 2,
  SEK: 2, SGD: 2, THB: 2, TND: 3, TRY: 2, TWD: 2, UAH: 2, UGX: 0, USD: 2, UYU: 2, VND: 0, XAF: 0, XOF: 0,
  ZAR: 2,
} as const;

export type Currency = keyof typeof CURRENCY_EXPONENTS;
export const CURRENCIES = Object.keys(CURRENCY_EXPONENTS) as [Currency, ...Currency[]];

/** The largest amount of one price: ten digits of minor units, far inside what a double holds exactly. */
export const MAX_AMOUNT = 9_999_999_999;

export const Currency = z
  .enum(CURRENCIES)
  .meta({ id: 'Currency', description: 'ISO 4217 currency code.', examples: ['EUR'] });

export const Money = z
  .strictObject({
    amount: z
      .int()
      .min(0)
      .max(MAX_AMOUNT)
      .meta({ description: 'In minor units: 12345 is 123.45 EUR, 12345 JPY, 12.345 KWD.' }),
    currency: Currency,
  })
  .meta({
    id: 'Money',
    description: 'An amount in minor units of its currency.',
    examples: [{ amount: 12345, currency: 'EUR' }],
  });
export type Money = z.infer<typeof Money>;

export const isCurrency = (code: string): code is Currency => Object.hasOwn(CURRENCY_EXPONENTS, code);

/** Number of decimal digits of the currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD. */
export const exponentOf = (currency: Currency): number => CURRENCY_EXPONENTS[currency];

/** Minor units as a plain decimal in major units: `12345 EUR` is `"123.45"`, `500 JPY` is `"500"`. */
export function toDecimal({ amount, currency }: Money): string {
  const exponent = exponentOf(currency);
  const digits = String(amount).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * A plain decimal in major units as minor units: `"123.4"` in EUR is 12340.
 * Undefined when the text is no such number or has more digits than the currency: nothing is rounded in silence.
 */
export function fromDecimal(text: string, currency: Currency): number | undefined {
  const match = /^(\d{1,10})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const exponent = exponentOf(currency);
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > exponent) return undefined;
  const amount = Number(match[1] + fraction.padEnd(exponent, '0'));
  return amount <= MAX_AMOUNT ? amount : undefined;
}
