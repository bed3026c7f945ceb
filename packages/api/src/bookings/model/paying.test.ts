import type { BookingStatus } from '@sojourn/shared/vocabulary';
import { describe, expect, test } from 'vitest';
import { NOW, stay, stayFacts } from '../../../test/stay-facts.ts';
import type { PaymentStatus } from '../../payments/model/payment.ts';
import { priceStay } from '../../pricing/model/price.ts';
import type { Alteration } from './alteration.ts';
import type { Booking } from './booking.ts';
import { consequenceOf, type PaymentState } from './paying.ts';

const MINUTE_MS = 60_000;
const terms = priceStay(stayFacts(), stay(), NOW);
const booking = (status: BookingStatus, changes: Partial<Booking> = {}) =>
  ({
    status,
    terms,
    holdExpiresAt: NOW,
    respondBy: status === 'requested' ? new Date(terms.checkInAt) : null,
    ...changes,
  }) as Booking;
const payment = (status: PaymentStatus, refunded = 0, id = 'of the stay'): PaymentState => ({
  id,
  status,
  refunded,
  captureRequestedAt: null,
});
const alteration = { paymentId: 'of the alteration' } as Alteration;
const minutesOn = (minutes: number) => new Date(NOW.getTime() + minutes * MINUTE_MS);
const follows = (
  of: Booking,
  payments: PaymentState[],
  { at = minutesOn(-5), altering }: { at?: Date; altering?: Alteration } = {},
) => consequenceOf(of, payments, altering, at);

describe('money that comes', () => {
  test.each([
    ['held', minutesOn(-5), 'confirm'],
    ['held', minutesOn(5), 'confirm'],
    ['held', minutesOn(60), 'turnAway'],
    ['expired', minutesOn(5), 'revive'],
    ['expired', minutesOn(60), 'turnAway'],
  ] as const)('for a booking that is %s at %s', (status, at, expected) => {
    expect(follows(booking(status), [payment('succeeded')], { at })).toBe(expected);
    expect(follows(booking(status), [payment('requiresCapture')], { at })).toBe(expected);
  });

  test('for a request that nobody answered is turned away', () => {
    expect(follows(booking('expired', { respondBy: NOW }), [payment('requiresCapture')])).toBe('turnAway');
  });

  test('and was given back already, or is not there yet, changes nothing', () => {
    for (const status of ['held', 'expired'] as const)
      for (const state of [
        payment('succeeded', 1),
        payment('processing'),
        payment('requiresAction'),
        payment('cancelled'),
      ])
        expect(follows(booking(status), [state])).toBeUndefined();
  });
});

describe('money that is gone', () => {
  test.each(['requested', 'confirmed', 'checkedIn'] as const)('ends a stay that is %s', (status) => {
    expect(follows(booking(status), [payment('cancelled')])).toBe('giveUp');
    expect(follows(booking(status), [payment('cancelled'), payment('succeeded')])).toBeUndefined();
    expect(follows(booking(status), [payment('processing')])).toBeUndefined();
    expect(follows(booking(status), [])).toBeUndefined();
  });

  test('after it was asked for ends a stay, although an alteration of it was paid', () => {
    const refused = { ...payment('cancelled'), captureRequestedAt: NOW };
    expect(follows(booking('confirmed'), [refused, payment('succeeded')])).toBe('giveUp');
  });

  test.each(['completed', 'noShow', 'declined', 'cancelled'] as const)(
    'changes nothing of one that is %s',
    (status) => {
      expect(follows(booking(status), [payment('cancelled')])).toBeUndefined();
      expect(follows(booking(status), [payment('succeeded')])).toBeUndefined();
    },
  );
});

describe('an alteration that is to be paid', () => {
  const altering = (status: PaymentStatus, refunded = 0, at = minutesOn(-5)) =>
    follows(booking('confirmed'), [payment('succeeded'), payment(status, refunded, 'of the alteration')], {
      at,
      altering: alteration,
    });

  test('takes effect when it is paid, and never after the stay', () => {
    expect(altering('succeeded')).toBe('alter');
    expect(altering('succeeded', 0, new Date(terms.checkOutAt))).toBe('dropAlteration');
  });
  test('is dropped when its payment was given up, and waits otherwise', () => {
    expect(altering('cancelled')).toBe('dropAlteration');
    expect(altering('processing')).toBeUndefined();
    expect(altering('requiresPaymentMethod')).toBeUndefined();
  });
  test('does not keep a stay whose own money is gone', () => {
    const payments = [payment('cancelled'), payment('processing', 0, 'of the alteration')];
    expect(follows(booking('confirmed'), payments, { altering: alteration })).toBe('giveUp');
  });
});
