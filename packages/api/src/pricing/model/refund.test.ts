import { addDays } from '@sojourn/shared/nights';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONG_AGO, NOW, policy, RULES, rulebook, stay, stayFacts } from '../../../test/stay-facts.ts';
import { flawsOf } from './policy-rules.ts';
import { priceStay } from './price.ts';
import { freeCancellationUntil, hostPenalty, refundAt, refundSchedule } from './refund.ts';
import type { PolicyRules } from './terms.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const percent = fc.integer({ min: 0, max: 100 });
const nights = fc.integer({ min: 0, max: 12 });

/** Rules without a flaw: what comes later is drawn from what came before. */
const soundRules: fc.Arbitrary<PolicyRules> = fc
  .record({
    hours: fc.uniqueArray(fc.integer({ min: 0, max: 24 * 90 }), { maxLength: 4 }),
    percents: fc.array(percent, { minLength: 5, maxLength: 5 }),
    nights: fc.tuple(nights, nights),
    during: percent,
    grace: fc.option(
      fc.record({
        hours: fc.integer({ min: 1, max: 96 }),
        daysBeforeCheckIn: fc.integer({ min: 0, max: 30 }),
      }),
    ),
  })
  .map(({ hours, percents, nights: [a, b], during, grace }) => {
    const falling = percents.toSorted((x, y) => y - x);
    const steps = hours
      .toSorted((x, y) => y - x)
      .map((hoursBeforeCheckIn, index) => ({ hoursBeforeCheckIn, percent: falling[index]! }));
    const late = { nights: Math.min(a, b), percentOfRest: 100 - falling[hours.length]! };
    return {
      steps,
      late,
      during: { nights: Math.max(a, b), percentOfRest: Math.max(during, late.percentOfRest) },
      grace,
    };
  });

const prices = fc.integer({ min: 1, max: 300 });
const agreements = fc
  .record({
    rules: soundRules,
    length: fc.integer({ min: 1, max: 15 }),
    basePrice: prices,
    weekendPrice: prices,
    cleaningFee: fc.option(prices),
    petFee: fc.option(prices),
    extraGuestFee: fc.option(prices),
    weeklyDiscountPercent: fc.integer({ min: 0, max: 90 }),
    bps: fc.integer({ min: 0, max: 3_000 }),
    flatTax: fc.integer({ min: 0, max: 50 }),
    timeZone: fc.constantFrom('Pacific/Apia', 'Europe/London', 'America/St_Johns', 'Africa/Casablanca'),
    /** How long before check-in it was confirmed. */
    ahead: fc.integer({ min: 0, max: 100 * DAY }),
    month: fc.integer({ min: 0, max: 11 }),
  })
  .map(({ rules, length, bps, flatTax, ahead, month, ...listing }) => {
    const checkIn = addDays('2027-03-25', month * 30);
    const tax = {
      id: policy('x').id,
      country: 'PT',
      region: null,
      city: null,
      inclusive: false,
      maxNights: null,
      effectiveFrom: LONG_AGO,
      effectiveUntil: null,
      createdAt: LONG_AGO,
    };
    const facts = stayFacts(
      { ...listing, includedGuests: 1 },
      {
        rulebook: rulebook({
          policies: [policy('moderate', rules)],
          taxRules: [
            { ...tax, name: 'Percent', kind: 'percent', bps, amount: null, currency: null },
            { ...tax, name: 'Flat', kind: 'perNight', bps: null, amount: flatTax, currency: 'EUR' },
          ],
        }),
      },
    );
    const asked = stay({ checkIn, checkOut: addDays(checkIn, length), guests: 3, pets: 1 });
    const terms = priceStay(facts, asked, NOW);
    return { terms, confirmedAt: new Date(Date.parse(terms.checkInAt) - ahead) };
  });

describe('whatever the policy, the price and the time zone', () => {
  test('the rules drawn here are sound', () => {
    fc.assert(
      fc.property(soundRules, (rules) => {
        expect(flawsOf(rules)).toEqual([]);
      }),
    );
  });

  test('a refund never rises as time passes, and never exceeds what was paid', () => {
    fc.assert(
      fc.property(agreements, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (agreed, moments) => {
        const { terms, confirmedAt } = agreed;
        const end = Date.parse(terms.checkOutAt) + DAY;
        const drawn = moments.map((part) => confirmedAt.getTime() + part * (end - confirmedAt.getTime()));
        const edges = refundSchedule(terms, confirmedAt).flatMap(({ until }) => [
          until.getTime() - 1,
          until.getTime(),
        ]);
        let before = terms.total;
        for (const at of [...drawn, ...edges].sort((a, b) => a - b)) {
          const { refund, hostKeeps, lines } = refundAt(terms, confirmedAt, new Date(at));
          expect(refund).toBeLessThanOrEqual(before);
          expect(refund).toBeGreaterThanOrEqual(0);
          expect(hostKeeps).toBeGreaterThanOrEqual(0);
          expect(lines.reduce((sum, line) => sum + line.refund, 0)).toBe(refund);
          expect(lines.reduce((sum, line) => sum + line.paid, 0)).toBe(terms.total);
          for (const line of lines) {
            expect(line.refund).toBeGreaterThanOrEqual(0);
            expect(line.refund).toBeLessThanOrEqual(line.paid);
          }
          before = refund;
        }
      }),
      { numRuns: 400 },
    );
  });

  test('the schedule says what cancelling at its instants gives', () => {
    fc.assert(
      fc.property(agreements, ({ terms, confirmedAt }) => {
        const schedule = refundSchedule(terms, confirmedAt);
        schedule.forEach(({ until, refund }, index) => {
          expect(refundAt(terms, confirmedAt, new Date(until.getTime() - 1)).refund).toBe(refund);
          expect(refundAt(terms, confirmedAt, until).refund).toBe(schedule[index + 1]?.refund ?? 0);
        });
        expect(schedule.at(-1)!.until.toISOString()).toBe(terms.checkOutAt);
        expect(refundAt(terms, confirmedAt, confirmedAt).refund).toBe(schedule[0]!.refund);
        const refunds = schedule.map(({ refund }) => refund);
        expect(new Set(refunds).size, 'each entry is a change').toBe(refunds.length);
      }),
      { numRuns: 400 },
    );
  });
});

describe('what comes back of each line', () => {
  const taxes = rulebook({
    taxRules: [
      {
        id: policy('x').id,
        name: 'City tax',
        country: 'PT',
        region: null,
        city: null,
        kind: 'percent',
        bps: 1_000,
        amount: null,
        currency: null,
        inclusive: false,
        maxNights: null,
        effectiveFrom: LONG_AGO,
        effectiveUntil: null,
        createdAt: LONG_AGO,
      },
    ],
  });
  const facts = stayFacts(
    { cleaningFee: 4_000, extraGuestFee: 1_000, includedGuests: 1 },
    { rulebook: taxes },
  );
  const terms = priceStay(facts, stay(), NOW);
  const checkIn = Date.parse(terms.checkInAt);
  const backAt = (at: number) =>
    Object.fromEntries(refundAt(terms, NOW, new Date(at)).lines.map(({ kind, refund }) => [kind, refund]));

  test('everything, the service fee too, while all comes back', () => {
    expect(backAt(checkIn - 6 * DAY)).toEqual({
      nights: 40_000,
      extraGuests: 4_000,
      cleaningFee: 4_000,
      serviceFee: 6_816,
      tax: 4_800,
    });
  });
  test('past all steps the first night is kept, and half of the others; fees and taxes follow', () => {
    expect(backAt(checkIn - DAY)).toEqual({
      nights: 15_000,
      extraGuests: 1_500,
      cleaningFee: 1_500,
      serviceFee: 0,
      tax: 1_800,
    });
  });
  test('once the stay has begun the cleaning fee is kept', () => {
    expect(backAt(checkIn + DAY)).toEqual({
      nights: 10_000,
      extraGuests: 1_000,
      cleaningFee: 0,
      serviceFee: 0,
      tax: 1_100,
    });
  });
  test('discounts are shared by the nights exactly', () => {
    const odd = priceStay(
      stayFacts({ basePrice: 101, weeklyDiscountPercent: 13 }),
      stay({ checkOut: '2027-05-10' }),
      NOW,
    );
    // 707 less 92 is 615: 87 for each night, and one more for the first six.
    const at = new Date(Date.parse(odd.checkInAt) - 1);
    expect(odd.subtotal).toBe(615);
    expect(refundAt(odd, NOW, at).lines[0]).toMatchObject({ paid: 615, refund: 264 });
    expect(refundAt(odd, NOW, at).hostKeeps).toBe(351);
  });
  test('everything while the stay is not confirmed', () => {
    expect(refundAt(terms, null, new Date(checkIn - 1)).refund).toBe(terms.total);
  });
});

describe('free cancellation', () => {
  test('ends with the step of 100 percent', () => {
    const terms = priceStay(stayFacts(), stay(), NOW);
    expect(freeCancellationUntil(terms, refundSchedule(terms, NOW))?.toISOString()).toBe(
      '2027-04-28T14:00:00.000Z',
    );
  });
  test('is never, where nothing comes back whole', () => {
    const rules = { ...RULES, steps: [{ hoursBeforeCheckIn: 24, percent: 99 }], grace: null };
    const facts = stayFacts({}, { rulebook: rulebook({ policies: [policy('moderate', rules)] }) });
    const terms = priceStay(facts, stay(), NOW);
    expect(freeCancellationUntil(terms, refundSchedule(terms, NOW))).toBeNull();
  });
});

describe('what a host who cancels owes', () => {
  const terms = priceStay(stayFacts({ currency: 'USD', basePrice: 20_000 }), stay(), NOW);
  const checkIn = Date.parse(terms.checkInAt);

  test.each([
    [30 * DAY + 1, 8_000],
    [30 * DAY, 20_000],
    [48 * HOUR + 1, 20_000],
    [48 * HOUR, 40_000],
    [0, 40_000],
    [-DAY, 30_000],
    [-3 * DAY, 10_000],
  ])('%i ms before check-in', (ahead, expected) => {
    expect(hostPenalty(terms, new Date(checkIn - ahead))).toBe(expected);
  });

  test('is between 50 and 1000 US dollars, and without bounds in other currencies', () => {
    const early = new Date(checkIn - 60 * DAY);
    const penalty = (currency: 'USD' | 'EUR', basePrice: number) =>
      hostPenalty(priceStay(stayFacts({ currency, basePrice }), stay(), NOW), early);
    expect([penalty('USD', 1_000), penalty('USD', 1_000_000)]).toEqual([5_000, 100_000]);
    expect([penalty('EUR', 1_000), penalty('EUR', 1_000_000)]).toEqual([400, 400_000]);
  });
});

describe('a policy', () => {
  test.each([
    ['steps out of order', { steps: [step(24, 50), step(48, 50)] }, ['/steps/1/hoursBeforeCheckIn']],
    ['a percent that rises', { steps: [step(48, 50), step(24, 60)] }, ['/steps/1/percent']],
    ['more back past all steps', { steps: [step(48, 40)] }, ['/late/percentOfRest']],
    ['fewer nights kept after check-in', { during: { nights: 0, percentOfRest: 50 } }, ['/during/nights']],
    ['less kept after check-in', { during: { nights: 1, percentOfRest: 0 } }, ['/during/percentOfRest']],
  ])('with %s has a flaw', (_name, changes, pointers) => {
    expect(flawsOf({ ...RULES, ...changes }).map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

function step(hoursBeforeCheckIn: number, percent: number) {
  return { hoursBeforeCheckIn, percent };
}
