import { addDays } from '@sojourn/shared/nights';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONG_AGO, NOW, policy, RULES, rulebook, stay, stayFacts } from '../../../test/stay-facts.ts';
import type { TaxRule } from '../../pricing/model/facts.ts';
import { priceStay } from '../../pricing/model/price.ts';
import type { Terms } from '../../pricing/model/terms.ts';
import { type Booking, type Canceller, isLive } from './booking.ts';
import { cancellationBy } from './cancelling.ts';
import { type Divided, isDecided, keptOf, sharesOf } from './shares.ts';

const DAY = 86_400_000;
const CONFIRMED_AT = NOW;

const tax = (changes: Partial<TaxRule>): TaxRule => ({
  id: policy('x').id,
  country: 'PT',
  region: null,
  city: null,
  name: 'Tax',
  kind: 'percent',
  bps: 0,
  amount: null,
  currency: null,
  inclusive: false,
  maxNights: null,
  effectiveFrom: LONG_AGO,
  effectiveUntil: null,
  createdAt: LONG_AGO,
  ...changes,
});

const percent = fc.integer({ min: 0, max: 100 });
const prices = fc.integer({ min: 1, max: 500 });
/** What was agreed: odd prices, all kinds of fees, taxes beside the prices and within them. */
const agreements: fc.Arbitrary<Terms> = fc
  .record({
    percents: fc.tuple(percent, percent, percent),
    nightsKept: fc.integer({ min: 0, max: 5 }),
    length: fc.integer({ min: 1, max: 12 }),
    basePrice: prices,
    weekendPrice: prices,
    cleaningFee: fc.option(prices),
    weeklyDiscountPercent: fc.integer({ min: 0, max: 90 }),
    hostFeeBps: fc.integer({ min: 0, max: 5_000 }),
    guestFeeBps: fc.integer({ min: 0, max: 3_000 }),
    beside: fc.integer({ min: 0, max: 3_000 }),
    within: fc.integer({ min: 0, max: 3_000 }),
  })
  .map(({ percents, nightsKept, length, hostFeeBps, guestFeeBps, beside, within, ...listing }) => {
    const [first, second, third] = percents.toSorted((a, b) => b - a) as [number, number, number];
    const rules = {
      ...RULES,
      steps: [
        { hoursBeforeCheckIn: 240, percent: first },
        { hoursBeforeCheckIn: 48, percent: second },
      ],
      late: { nights: nightsKept, percentOfRest: 100 - third },
      during: { nights: nightsKept, percentOfRest: 100 },
    };
    const facts = stayFacts(listing, {
      rulebook: rulebook({
        feeSchedules: [{ ...rulebook().feeSchedules[0]!, hostFeeBps, guestFeeBps }],
        policies: [policy('moderate', rules)],
        taxRules: [tax({ bps: beside }), tax({ bps: within, inclusive: true })],
      }),
    });
    const checkIn = '2027-05-03';
    return priceStay(facts, stay({ checkIn, checkOut: addDays(checkIn, length) }), NOW);
  });

const confirmed = (terms: Terms): Divided => ({
  status: 'confirmed',
  terms,
  confirmedAt: CONFIRMED_AT,
  cancelledBy: null,
  cancellation: null,
  hostRefunded: 0,
  marketplaceRefunded: 0,
});

const cancelledBy = (
  by: Exclude<Canceller, 'marketplace'>,
  terms: Terms,
  at: Date,
  refund?: number,
): Divided => ({
  ...confirmed(terms),
  status: 'cancelled',
  cancelledBy: by,
  cancellation: { reason: null, ...cancellationBy(by, confirmed(terms) as Booking, at, { refund }) },
});

/** A stay that takes place, or that somebody cancels at some moment, also for a sum of an admin's choice. */
const stays = agreements.chain((terms) =>
  fc
    .record({
      by: fc.constantFrom('nobody' as const, 'guest' as const, 'host' as const, 'admin' as const),
      moment: fc.double({ min: 0, max: 1, noNaN: true }),
      chosen: fc.option(fc.integer({ min: 0, max: terms.total })),
    })
    .map(({ by, moment, chosen }): Divided => {
      if (by === 'nobody') return confirmed(terms);
      const span = Date.parse(terms.checkOutAt) - CONFIRMED_AT.getTime();
      const at = new Date(CONFIRMED_AT.getTime() + moment * span);
      return cancelledBy(by, terms, at, by === 'admin' ? (chosen ?? undefined) : undefined);
    }),
);
const further = fc.record({ hostRefunded: fc.nat(3_000), marketplaceRefunded: fc.nat(3_000) });
const sum = (kept: object) => Object.values(kept).reduce((all: number, amount: number) => all + amount, 0);

describe('whatever was agreed and became of it', () => {
  test('what is kept and what comes back is what was paid, and nobody keeps less than nothing', () => {
    fc.assert(
      fc.property(stays, (booking) => {
        const shares = sharesOf(booking, { paid: booking.terms.total, refunded: 0, lost: 0 });
        expect(sum(shares)).toBe(booking.terms.total);
        for (const share of Object.values(shares)) expect(share).toBeGreaterThanOrEqual(0);
        expect(shares.refunds).toBe(booking.cancellation?.refund ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  test('further refunds come out of the share of who grants them, up to all that was paid', () => {
    fc.assert(
      fc.property(stays, further, (booking, refunded) => {
        const before = keptOf(booking);
        const after = sharesOf(
          { ...booking, ...refunded },
          { paid: booking.terms.total, refunded: 0, lost: 0 },
        );
        expect(sum(after)).toBe(booking.terms.total);
        expect(after.taxes).toBe(before.taxes);
        expect(after.host).toBe(Math.max(0, before.host - refunded.hostRefunded));
        expect(after.platform).toBeLessThanOrEqual(before.platform);
        expect(before.platform - after.platform).toBeLessThanOrEqual(refunded.marketplaceRefunded);
        expect(after.refunds).toBeLessThanOrEqual(booking.terms.total);
        if (after.platform < 0) expect(refunded.marketplaceRefunded).toBeGreaterThan(before.platform);
      }),
      { numRuns: 500 },
    );
  });

  test('a loss is borne by the host, then the marketplace, then the taxes, and nothing is given back twice', () => {
    fc.assert(
      fc.property(stays, fc.double({ min: 0, max: 1, noNaN: true }), (booking, part) => {
        const paid = booking.terms.total;
        const gone = Math.round(part * paid);
        const kept = keptOf(booking);
        const shares = sharesOf(booking, { paid, refunded: 0, lost: gone });
        expect(sum(shares)).toBe(paid);
        expect(shares.refunds).toBe(Math.max(gone, paid - sum(kept)));
        for (const share of Object.values(shares)) expect(share).toBeGreaterThanOrEqual(0);
        if (shares.platform < kept.platform) expect(shares.host).toBe(0);
        if (shares.taxes < kept.taxes) expect(shares.host + shares.platform).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('what somebody gives back comes on top of what a bank took, whichever was first', () => {
    fc.assert(
      fc.property(stays, fc.double({ min: 0, max: 1, noNaN: true }), (booking, part) => {
        const paid = booking.terms.total;
        const lost = Math.round(part * paid);
        const byBank = sharesOf(booking, { paid, refunded: 0, lost });
        const hostRefunded = Math.floor(byBank.host / 2);
        const after = { ...booking, hostRefunded };
        expect(sharesOf(after, { paid, refunded: 0, lost })).toEqual({
          ...byBank,
          host: byBank.host - hostRefunded,
          refunds: byBank.refunds + hostRefunded,
        });
      }),
      { numRuns: 300 },
    );
  });

  test('a later cancellation never gives more back', () => {
    fc.assert(
      fc.property(
        agreements,
        further,
        fc.array(fc.nat(80), { minLength: 2, maxLength: 8 }),
        (terms, refunded, days) => {
          let before = Number.POSITIVE_INFINITY;
          for (const day of days.toSorted((a, b) => a - b)) {
            const at = new Date(Math.min(CONFIRMED_AT.getTime() + day * DAY, Date.parse(terms.checkOutAt)));
            const booking = { ...cancelledBy('guest', terms, at), ...refunded };
            const { refunds } = sharesOf(booking, { paid: terms.total, refunded: 0, lost: 0 });
            expect(refunds).toBeLessThanOrEqual(before);
            before = refunds;
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('what was paid beside the agreement comes back, and of a part nothing is kept yet', () => {
    fc.assert(
      fc.property(stays, fc.nat(10_000), (booking, more) => {
        const kept = keptOf(booking);
        const shares = sharesOf(booking, { paid: booking.terms.total + more, refunded: 0, lost: 0 });
        expect(shares).toEqual({ ...kept, refunds: booking.terms.total + more - sum(kept) });
        if (sum(kept) > 0)
          expect(sum(sharesOf(booking, { paid: sum(kept) - 1, refunded: 0, lost: 0 }))).toBe(0);
      }),
    );
  });
});

describe('a stay that was agreed', () => {
  const facts = stayFacts(
    { cleaningFee: 4_000 },
    { rulebook: rulebook({ taxRules: [tax({ bps: 1_000 }), tax({ bps: 600, inclusive: true })] }) },
  );
  const terms = priceStay(facts, stay(), NOW);

  test('gives the host what was told as the payout', () => {
    // 440.00 for the host, 13.20 fee and 24.91 tax within it; 62.48 service fee; 44.00 tax beside it.
    expect(keptOf(confirmed(terms))).toEqual({
      host: terms.hostPayout,
      platform: 1_320 + 6_248,
      taxes: 4_400 + 2_491,
    });
  });

  test('that is cancelled late leaves the host half of it less the fee, and the taxes of that', () => {
    const late = cancelledBy('guest', terms, new Date(Date.parse(terms.checkInAt) - DAY));
    const { hostKeeps, refund } = late.cancellation!;
    expect({ hostKeeps, refund }).toEqual({ hostKeeps: 27_500, refund: 16_500 + 1_650 });
    // 8.25 fee and 15.57 tax are within the 275.00; the service fee stays whole, and 27.50 of the tax beside.
    expect(keptOf(late)).toEqual({ host: 27_500 - 825 - 1_557, platform: 825 + 6_248, taxes: 2_750 + 1_557 });
  });

  test('leaves nothing to anybody when the marketplace gave it up, or when it was never confirmed', () => {
    const nothing = { host: 0, platform: 0, taxes: 0 };
    expect(keptOf({ ...confirmed(terms), status: 'cancelled', cancelledBy: 'marketplace' })).toEqual(nothing);
    expect(keptOf({ ...confirmed(terms), status: 'expired', confirmedAt: null })).toEqual(nothing);
  });

  test('is nobody’s yet while it may still be paid, or answered', () => {
    expect(isLive({ status: 'requested' })).toBe(true);
    expect(isDecided({ status: 'requested', confirmedAt: null })).toBe(false);
    expect(isDecided({ status: 'expired', confirmedAt: null })).toBe(true);
    expect(isDecided({ status: 'confirmed', confirmedAt: NOW })).toBe(true);
  });

  test('costs the marketplace what neither the host nor the taxes can bear', () => {
    const paid = terms.total;
    const twice = sharesOf(confirmed(terms), { paid, refunded: paid, lost: 100 });
    expect(twice).toEqual({ host: 0, platform: -100, taxes: 0, refunds: paid + 100 });
  });
});
