import { invalid } from './errors.ts';

// What Stripe charges for, and how: https://docs.stripe.com/currencies. Amounts are in the currency's smallest unit.

const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));
const TWO_DECIMAL = new Set(
  `usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc
  cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr kyd
  kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr
  pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah ugx uyu uzs wst xcd
  xcg yer zar zmw`.split(/\s+/),
);
/** Kept with two decimals, though there are no such coins. */
const WHOLE_ONLY = new Set(['isk', 'ugx']);

const MINIMUMS: Record<string, number> = {
  aed: 200,
  bgn: 100,
  czk: 1500,
  dkk: 250,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  pln: 200,
  ron: 200,
  sek: 300,
  thb: 1000,
};
const MAXIMUM = 99_999_999;

export function currencyOf(given: string): string {
  const currency = given.toLowerCase();
  if (decimalsOf(currency) === undefined) {
    throw invalid(
      `Invalid currency: ${given}. Stripe currently supports these currencies: ${[...TWO_DECIMAL, ...ZERO_DECIMAL, ...THREE_DECIMAL].join(', ')}`,
      { param: 'currency' },
    );
  }
  return currency;
}

export function decimalsOf(currency: string): 0 | 2 | 3 | undefined {
  if (TWO_DECIMAL.has(currency)) return 2;
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : undefined;
}

/** Half a unit of money, where no minimum is published. */
const minimumOf = (currency: string): number =>
  MINIMUMS[currency] ?? { 0: 50, 2: 50, 3: 500 }[decimalsOf(currency) ?? 2];

/** What can be charged to a card. */
export function checkAmount(amount: number, currency: string, param = 'amount'): void {
  const minimum = minimumOf(currency);
  checkUnits(amount, currency, param);
  if (amount > MAXIMUM) {
    throw invalid(`Amount must be no more than ${shown(MAXIMUM, currency)}`, {
      code: 'amount_too_large',
      param,
    });
  }
  if (amount < minimum) {
    throw invalid(`Amount must be at least ${shown(minimum, currency)}`, { code: 'amount_too_small', param });
  }
}

/** What can exist of a currency. */
export function checkUnits(amount: number, currency: string, param = 'amount'): void {
  const step = decimalsOf(currency) === 3 ? 10 : WHOLE_ONLY.has(currency) ? 100 : 1;
  if (amount % step !== 0) {
    throw invalid(`Invalid amount: amounts in ${currency} must be divisible by ${step}.`, {
      code: 'parameter_invalid_integer',
      param,
    });
  }
}

/** As Stripe writes it in messages: `$5.00`, `¥500`. */
export const shown = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: decimalsOf(currency) ?? 2,
    maximumFractionDigits: decimalsOf(currency) ?? 2,
  }).format(amount / 10 ** (decimalsOf(currency) ?? 2));

/** The fixed part of the fee: 30 cents, and what corresponds to it. */
const FIXED_FEE = { 0: 0, 2: 30, 3: 300 };

/** 2.9 % rounded half to even, and a fixed part; never more than the charge. */
export function chargeFee(amount: number, currency: string): number {
  return Math.min(amount, halfEven(amount * 29, 1000) + FIXED_FEE[decimalsOf(currency) ?? 2]);
}

function halfEven(numerator: number, denominator: number): number {
  const whole = Math.floor(numerator / denominator);
  const twice = (numerator % denominator) * 2;
  if (twice === denominator) return whole + (whole % 2);
  return twice > denominator ? whole + 1 : whole;
}

const DISPUTE_FEES = { 0: 1500, 2: 1500, 3: 5000 };

/** Taken for each dispute, and kept even when it is won. */
export const disputeFee = (currency: string): number => DISPUTE_FEES[decimalsOf(currency) ?? 2];
