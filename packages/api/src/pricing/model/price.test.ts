import { CURRENCIES } from '@sojourn/shared/money';
import { addDays, datesBetween } from '@sojourn/shared/nights';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONG_AGO, listingFacts, NOW, rulebook, stay, stayFacts } from '../../../test/stay-facts.ts';
import type { TaxRule } from './facts.ts';
import { priceStay } from './price.ts';
import { share, sum } from './rounding.ts';

const linesOf = (...args: Parameters<typeof priceStay>) =>
  Object.fromEntries(priceStay(...args).lines.map(({ kind, amount }) => [kind, amount]));

const taxRule = (changes: Partial<TaxRule>): TaxRule => ({
  id: '016f5e66-e800-7000-8000-000000000009',
  name: 'City tax',
  country: 'PT',
  region: null,
  city: null,
  kind: 'percent',
  bps: 600,
  amount: null,
  currency: null,
  inclusive: false,
  maxNights: null,
  effectiveFrom: LONG_AGO,
  effectiveUntil: null,
  createdAt: LONG_AGO,
  ...changes,
});
const taxed = (...rules: Partial<TaxRule>[]) =>
  stayFacts({}, { rulebook: rulebook({ taxRules: rules.map(taxRule) }) });

describe('the price of a night', () => {
  // 2027-05-06 is a Thursday, so that the stay has a Thursday, a Friday, a Saturday and a Sunday night.
  const weekend = stay({ checkIn: '2027-05-06', checkOut: '2027-05-10' });
  const season = {
    from: '2027-05-01',
    to: '2027-06-01',
    price: 20_000,
    weekendPrice: 30_000,
    minNights: null,
    maxNights: null,
  };
  const setting = {
    from: '2027-05-07',
    to: '2027-05-08',
    price: 50_000,
    minNights: null,
    maxNights: null,
    closedToArrival: null,
    closedToDeparture: null,
  };
  const prices = (facts: Parameters<typeof priceStay>[0]) =>
    priceStay(facts, weekend, NOW).nights.map(({ price }) => price);

  test('is the base price', () => {
    expect(prices(stayFacts())).toEqual([10_000, 10_000, 10_000, 10_000]);
  });
  test('is the weekend price on Friday and Saturday', () => {
    expect(prices(stayFacts({ weekendPrice: 15_000 }))).toEqual([10_000, 15_000, 15_000, 10_000]);
  });
  test("is the season's before the listing's", () => {
    const facts = stayFacts({ weekendPrice: 15_000 }, { seasons: [season] });
    expect(prices(facts)).toEqual([20_000, 30_000, 30_000, 20_000]);
    expect(prices({ ...facts, seasons: [{ ...season, weekendPrice: null }] })).toEqual(Array(4).fill(20_000));
  });
  test('falls through a season without a price', () => {
    const seasons = [{ ...season, price: null, weekendPrice: null }];
    expect(prices(stayFacts({ weekendPrice: 15_000 }, { seasons }))).toEqual([
      10_000, 15_000, 15_000, 10_000,
    ]);
  });
  test("is the date's own before all else", () => {
    expect(prices(stayFacts({}, { seasons: [season], settings: [setting] }))).toEqual([
      20_000, 50_000, 30_000, 20_000,
    ]);
    expect(prices(stayFacts({}, { settings: [{ ...setting, price: null, minNights: 2 }] }))).toEqual(
      Array(4).fill(10_000),
    );
  });
});

describe('discounts', () => {
  const lengths = { weeklyDiscountPercent: 10, monthlyDiscountPercent: 30 };
  const nights = (count: number) => stay({ checkOut: addDays('2027-05-03', count) });

  test.each([
    [6, { nights: 60_000 }],
    [7, { nights: 70_000, weeklyDiscount: -7_000 }],
    [27, { nights: 270_000, weeklyDiscount: -27_000 }],
    [28, { nights: 280_000, monthlyDiscount: -84_000 }],
  ])('of length for %i nights', (count, expected) => {
    const { serviceFee: _serviceFee, ...lines } = linesOf(stayFacts(lengths), nights(count), NOW);
    expect(lines).toEqual(expected);
  });

  test('a month without a monthly discount has the weekly one', () => {
    const facts = stayFacts({ weeklyDiscountPercent: 10 });
    expect(linesOf(facts, nights(28), NOW)).toMatchObject({ weeklyDiscount: -28_000 });
  });

  // At noon of 1 March in Lisbon the check-in of 3 May is 63 days ahead.
  test.each([
    [{ earlyBirdDays: 63, earlyBirdPercent: 20 }, { earlyBirdDiscount: -8_000 }],
    [{ earlyBirdDays: 64, earlyBirdPercent: 20 }, {}],
    [{ lastMinuteDays: 63, lastMinutePercent: 15 }, { lastMinuteDiscount: -6_000 }],
    [{ lastMinuteDays: 62, lastMinutePercent: 15 }, {}],
    [
      { earlyBirdDays: 30, earlyBirdPercent: 20, lastMinuteDays: 90, lastMinutePercent: 25 },
      { lastMinuteDiscount: -10_000 },
    ],
  ])('of the time ahead: %j', (listing, expected) => {
    const { serviceFee: _serviceFee, ...lines } = linesOf(stayFacts(listing), stay(), NOW);
    expect(lines).toEqual({ nights: 40_000, ...expected });
  });

  test('each is of what those before it left', () => {
    const facts = stayFacts({
      ...lengths,
      earlyBirdDays: 30,
      earlyBirdPercent: 20,
      nonRefundableDiscountPercent: 50,
    });
    expect(linesOf(facts, { ...nights(10), nonRefundable: true }, NOW)).toMatchObject({
      nights: 100_000,
      weeklyDiscount: -10_000,
      earlyBirdDiscount: -18_000,
      nonRefundableDiscount: -36_000,
    });
    expect(priceStay(facts, { ...nights(10), nonRefundable: true }, NOW).policy.key).toBe('nonRefundable');
    expect(priceStay(facts, nights(10), NOW)).toMatchObject({
      subtotal: 72_000,
      policy: { key: 'moderate' },
    });
  });
});

test('fees, once or for each night, and the split between guest and host', () => {
  const facts = stayFacts({ cleaningFee: 5_000, petFee: 2_000, extraGuestFee: 1_500, includedGuests: 2 });
  expect(linesOf(facts, stay({ guests: 4, pets: 2 }), NOW)).toEqual({
    nights: 40_000,
    extraGuests: 12_000,
    cleaningFee: 5_000,
    petFee: 2_000,
    serviceFee: 8_378,
  });
  expect(priceStay(facts, stay({ guests: 4, pets: 2 }), NOW)).toMatchObject({
    subtotal: 59_000,
    total: 67_378,
    hostFee: 1_770,
    hostPayout: 57_230,
  });
  expect(linesOf(facts, stay({ guests: 2 }), NOW)).toEqual({
    nights: 40_000,
    cleaningFee: 5_000,
    serviceFee: 6_390,
  });
});

describe('taxes', () => {
  const taxOf = (facts: Parameters<typeof priceStay>[0], changes = {}) =>
    priceStay(facts, stay(changes), NOW)
      .lines.filter(({ kind }) => kind === 'tax')
      .map(({ amount }) => amount);

  test.each([
    ['a percent', {}, [2_400]],
    ['a percent of the city, in any case', { city: 'LISBOA' }, [2_400]],
    ['of another city', { city: 'Porto' }, []],
    ['of a region that the address does not name', { region: 'Lisboa' }, []],
    ['of another country', { country: 'ES' }, []],
    ['for each night', { kind: 'perNight', bps: null, amount: 300, currency: 'EUR' }, [1_200]],
    ['for each night and guest', { kind: 'perGuestNight', bps: null, amount: 300, currency: 'EUR' }, [2_400]],
    ['in another currency', { kind: 'perNight', bps: null, amount: 300, currency: 'USD' }, []],
    ['of stays up to 3 nights', { maxNights: 3 }, []],
    ['of stays up to 4 nights', { maxNights: 4 }, [2_400]],
    ['that begins later', { effectiveFrom: new Date(NOW.getTime() + 1) }, []],
    ['that begins now', { effectiveFrom: NOW }, [2_400]],
    ['that ends now', { effectiveUntil: NOW }, []],
  ] as [string, Partial<TaxRule>, number[]][])('%s', (_name, rule, expected) => {
    expect(taxOf(taxed(rule))).toEqual(expected);
  });

  test('within the prices are told, and no line', () => {
    const terms = priceStay(taxed({ inclusive: true, name: 'IVA' }), stay(), NOW);
    expect(terms).toMatchObject({
      includedTaxes: [{ description: 'IVA', amount: 2_264 }],
      total: 45_680,
      hostPayout: 40_000 - 1_200 - 2_264,
    });
    expect(terms.lines.map(({ kind }) => kind)).toEqual(['nights', 'serviceFee']);
  });
});

test('the fee schedule and policy are those that hold at the moment', () => {
  const [first] = rulebook().feeSchedules;
  const later = {
    ...first!,
    mode: 'hostOnly' as const,
    hostFeeBps: 1_550,
    guestFeeBps: 0,
    effectiveFrom: NOW,
  };
  const facts = stayFacts({}, { rulebook: rulebook({ feeSchedules: [later, first!] }) });
  expect(priceStay(facts, stay(), NOW)).toMatchObject({ total: 40_000, hostPayout: 33_800 });
  expect(priceStay(facts, stay(), new Date(NOW.getTime() - 1)).total).toBe(45_680);
  const month = stay({ checkOut: addDays('2027-05-03', 28) });
  expect(priceStay(facts, month, NOW).policy.key).toBe('firmLongTerm');
});

test('rounding is half-even, and exact beyond what a double holds', () => {
  expect([1, 3, 5, 7].map((amount) => share(amount, 1, 2))).toEqual([0, 2, 2, 4]);
  expect(share(9_007_199_254_740_991, 9_999, 10_000)).toBe(9_006_298_534_815_517);
});

const money = fc.integer({ min: 1, max: 9_999_999_999 });
const percent = fc.integer({ min: 0, max: 90 });
const somePercent = fc.integer({ min: 1, max: 90 });
const bps = fc.integer({ min: 0, max: 5_000 });

const listings = fc.record({
  currency: fc.constantFrom(...CURRENCIES),
  basePrice: money,
  weekendPrice: fc.option(money),
  cleaningFee: fc.option(money),
  extraGuestFee: fc.option(money),
  petFee: fc.option(money),
  includedGuests: fc.option(fc.integer({ min: 1, max: 100 })),
  weeklyDiscountPercent: percent,
  monthlyDiscountPercent: percent,
  earlyBirdDays: fc.constant(30),
  earlyBirdPercent: somePercent,
  lastMinuteDays: fc.constant(90),
  lastMinutePercent: somePercent,
  nonRefundableDiscountPercent: somePercent,
});
const stays = fc
  .record({
    nights: fc.integer({ min: 1, max: 365 }),
    guests: fc.integer({ min: 1, max: 100 }),
    pets: fc.integer({ min: 0, max: 2 }),
    nonRefundable: fc.boolean(),
  })
  .map(({ nights, ...rest }) => stay({ ...rest, checkOut: addDays('2027-05-03', nights) }));
const books = fc.record({ hostFeeBps: bps, guestFeeBps: bps, taxBps: bps, flatTax: money, included: bps });

test('the lines add up to the total, in whole minor units, whatever the currency and however large', () => {
  fc.assert(
    fc.property(listings, stays, books, (listing, asked, { hostFeeBps, guestFeeBps, ...taxes }) => {
      const [schedule] = rulebook().feeSchedules;
      const currency = listing.currency;
      const facts = stayFacts(
        { ...listing, capacity: 100 },
        {
          rulebook: rulebook({
            feeSchedules: [{ ...schedule!, hostFeeBps, guestFeeBps }],
            taxRules: [
              taxRule({ bps: taxes.taxBps }),
              taxRule({ kind: 'perGuestNight', bps: null, amount: taxes.flatTax, currency }),
              taxRule({ inclusive: true, bps: taxes.included }),
            ],
          }),
        },
      );
      const terms = priceStay(facts, asked, NOW);
      const exact = terms.lines.reduce((total, { amount }) => total + BigInt(amount), 0n);
      expect(BigInt(terms.total)).toBe(exact);
      for (const { amount, quantity, unitPrice } of terms.lines) {
        expect(Number.isSafeInteger(amount)).toBe(true);
        if (unitPrice !== null) expect(BigInt(amount)).toBe(BigInt(quantity) * BigInt(unitPrice));
      }
      expect(terms.subtotal).toBeGreaterThanOrEqual(0);
      expect(terms.hostPayout + terms.hostFee + sum(terms.includedTaxes.map(({ amount }) => amount))).toBe(
        terms.subtotal,
      );
    }),
    { numRuns: 300 },
  );
});

test.each(['Pacific/Apia', 'Europe/London', 'America/St_Johns', 'Africa/Casablanca'])(
  'in %s no night shifts, on whatever date a clock changes',
  (timeZone) => {
    const localTime = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_500 }), fc.integer({ min: 1, max: 40 }), (start, nights) => {
        const checkIn = addDays('2026-12-01', start);
        const checkOut = addDays(checkIn, nights);
        const facts = { ...stayFacts(), listing: listingFacts({ timeZone }) };
        const terms = priceStay(facts, stay({ checkIn, checkOut }), NOW);
        expect(terms.nights.map(({ date }) => date)).toEqual(datesBetween(checkIn, checkOut));
        expect(terms.nights).toHaveLength(nights);
        expect(localTime.format(new Date(terms.checkInAt))).toBe(`${checkIn} 15:00`);
        expect(localTime.format(new Date(terms.checkOutAt))).toBe(`${checkOut} 11:00`);
      }),
      { numRuns: 150 },
    );
  },
);
