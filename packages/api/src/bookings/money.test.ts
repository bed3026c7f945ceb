import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { moneyOf } from '../../test/booking-money.ts';
import { type BookingServer, startBookingServer } from '../../test/booking-server.ts';
import type { Caller } from '../../test/caller.ts';
import { uuidOf } from '../platform/id.ts';

// Whole stories with their money, at Stripe and in the ledger: after each of them both have the same.

const NOW = new Date('2027-03-01T10:00:00Z');
const STAY = { checkIn: '2027-05-01', checkOut: '2027-05-05' };
const MINUTE_MS = 60_000;
const eur = (amount: number) => ({ amount, currency: 'EUR' });

let server: BookingServer;
let guest: { id: string; call: Caller };
let money: ReturnType<typeof moneyOf>;
beforeAll(async () => {
  server = await startBookingServer();
  guest = await server.person();
  money = moneyOf(server, guest.call);
});
beforeEach(() => {
  server.clock.at = NOW;
});
afterEach(async () => {
  await server.work();
  expect(await server.missing()).toEqual({});
});
afterAll(async () => {
  expect(server.breaches).toEqual([]);
  await server.stop();
});

const wait = (milliseconds: number) => {
  server.clock.at = new Date(server.clock.at.getTime() + milliseconds);
};
const held = async (over: Record<string, unknown> = {}) =>
  server.hold(guest.call, await server.home(over), STAY);
const paid = async (over: Record<string, unknown> = {}, card?: string) => {
  const booking = await server.pay(guest.call, await held(over), card);
  await server.work();
  return booking;
};
const allBack = (total: number) => ({ host: 0, platform: 0, taxes: 0, refunds: total });

describe('a stay that is paid', () => {
  test('is confirmed at once, and the ledger has whose the money is', async () => {
    const booking = await held();
    const answer = await money.confirm(booking, 'pm_card_visa');
    expect(answer.body).toMatchObject({
      status: 'confirmed',
      payment: { status: 'succeeded', captured: booking.total, failure: null, nextActionUrl: null },
    });
    await server.work();
    const { total } = booking;
    const { hostPayout } = await money.read(booking, server.host);
    expect(await server.standing(booking)).toEqual({
      paid: total.amount,
      shares: { host: hostPayout.amount, platform: total.amount - hostPayout.amount, taxes: 0, refunds: 0 },
    });
    expect((await money.chargeOf(booking)).amount).toBe(total.amount);
    const path = `/v1/bookings/${booking.id}/payment`;
    expect((await server.host('GET', path)).body.shares).toEqual({
      host: hostPayout,
      platform: eur(total.amount - hostPayout.amount),
      taxes: eur(0),
      refunds: eur(0),
    });
    expect((await guest.call('GET', path)).body.shares).toBeNull();
    const settled = (await money.events(booking)).filter(({ type }) => type === 'booking.settled');
    expect(settled.map(({ data }) => data)).toMatchObject([{ host: hostPayout, refunds: eur(0) }]);
    expect((await money.paymentOf(booking)).refunds).toEqual([]);
  });

  test('is paid with another card when the first is declined, and the guest is told why', async () => {
    const booking = await held();
    expect(await money.confirm(booking, 'pm_card_chargeDeclinedInsufficientFunds')).toMatchObject({
      status: 402,
      body: { code: 'payment_declined', detail: expect.stringContaining('insufficient_funds') },
    });
    expect(await money.read(booking)).toMatchObject({
      status: 'held',
      payment: { status: 'requiresPaymentMethod', failure: 'insufficient_funds' },
    });
    expect((await money.confirm(booking, 'pm_card_visa')).body.status).toBe('confirmed');
    await server.work();
    expect((await server.standing(booking)).paid).toBe(booking.total.amount);
  });

  test('waits for the guest to prove who they are, and is confirmed when Stripe tells', async () => {
    const booking = await held();
    const answer = await money.confirm(booking, 'pm_card_threeDSecure2Required');
    expect(answer.body).toMatchObject({ status: 'held', payment: { status: 'requiresAction' } });
    expect(answer.body.payment.nextActionUrl).toMatch(/^http/);
    await money.authenticate(booking);
    await server.work();
    expect(await money.read(booking)).toMatchObject({
      status: 'confirmed',
      payment: { status: 'succeeded' },
    });
  });

  test('is paid on a page of Stripe, or by a browser', async () => {
    const booking = await held();
    expect((await money.paymentOf(booking)).clientSecret).toMatch(/_secret_/);
    expect((await money.paymentOf(booking, server.host)).clientSecret).toBeNull();
    const urls = { successUrl: 'https://app.example.com/paid', cancelUrl: 'https://app.example.com/back' };
    expect(await money.post(server.host, booking, 'payment/checkout', urls)).toMatchObject({ status: 403 });
    const { status, body } = await money.post(guest.call, booking, 'payment/checkout', urls);
    expect(status).toBe(201);
    expect(body.url).toMatch(/^http/);
    const [session] = (await server.ctx.stripe.client.checkout.sessions.list({ limit: 1 })).data;
    await server.controlStripe(`checkout/sessions/${session!.id}/pay`, { payment_method: 'pm_card_visa' });
    await server.work();
    expect(await money.read(booking)).toMatchObject({
      status: 'confirmed',
      payment: { captured: booking.total },
    });
    expect(await money.post(guest.call, booking, 'payment/checkout', urls)).toMatchObject({
      status: 409,
      body: { code: 'payment_not_open' },
    });
    expect((await money.paymentOf(booking)).clientSecret).toBeNull();
  });

  test('is charged once although Stripe acts and drops its answers', async () => {
    const booking = await held();
    await server.controlStripe('faults', { dropNext: 4 });
    await money.confirm(booking, 'pm_card_visa');
    wait(MINUTE_MS);
    await server.work();
    expect(await money.read(booking)).toMatchObject({
      status: 'confirmed',
      payment: { status: 'succeeded' },
    });
    expect((await server.standing(booking)).paid).toBe(booking.total.amount);
  });
});

describe('a request', () => {
  const requested = () => paid({ instantBook: false });

  test('is confirmed when accepted, and what was reserved is taken a moment later', async () => {
    const booking = await requested();
    expect(await server.standing(booking)).toMatchObject({ paid: 0 });
    const accepted = await money.post(server.host, booking, 'accept');
    expect(accepted.body).toMatchObject({ status: 'confirmed', payment: { status: 'processing' } });
    await server.work();
    expect(await money.read(booking)).toMatchObject({
      payment: { status: 'succeeded', captured: booking.total },
    });
    expect((await server.standing(booking)).shares.host).toBeGreaterThan(0);
  });

  test('is given up when what was reserved is gone, and nobody is charged', async () => {
    const booking = await requested();
    await server.controlStripe('webhooks', { paused: true });
    await server.ctx.stripe.client.paymentIntents.cancel((await money.intentOf(booking)).id);
    expect((await money.post(server.host, booking, 'accept')).body.status).toBe('confirmed');
    await server.controlStripe('webhooks', { paused: false });
    await server.work();
    expect(await money.read(booking)).toMatchObject({
      status: 'cancelled',
      cancellation: { by: 'marketplace', refund: eur(0) },
      payment: { status: 'cancelled', captured: eur(0) },
    });
    expect(await server.taken(uuidOf('lst', booking.listingId)!)).toEqual([]);
    expect(await money.typesOf(booking)).toContain('booking.cancelled');
  });

  test('that is cancelled before the money is taken gives back what the rules say when it is', async () => {
    const booking = await requested();
    await money.post(server.host, booking, 'accept');
    server.clock.at = new Date(Date.parse(booking.checkInAt) - 60 * MINUTE_MS);
    const cancelled = (await money.post(guest.call, booking, 'cancel')).body;
    expect(cancelled.cancellation.refund.amount).toBeGreaterThan(0);
    expect(cancelled.payment.refunded).toEqual(eur(0));
    server.clock.at = NOW;
    await server.work();
    expect((await money.read(booking)).payment).toMatchObject({
      captured: booking.total,
      refunded: cancelled.cancellation.refund,
    });
  });

  test('that is declined reserves nothing any more', async () => {
    const booking = await requested();
    await money.post(server.host, booking, 'decline');
    await server.work();
    expect((await money.intentOf(booking)).status).toBe('canceled');
  });
});

describe('a cancellation', () => {
  test('gives back at Stripe what it says, and the host keeps the rest less the fee', async () => {
    const booking = await paid();
    server.clock.at = new Date(Date.parse(booking.checkInAt) - 60 * MINUTE_MS);
    const { body: cancelled } = await money.post(guest.call, booking, 'cancel');
    const { refund } = cancelled.cancellation;
    const [pending] = (await money.paymentOf(booking)).refunds;
    expect(pending).toMatchObject({ amount: refund, status: 'pending' });
    await server.work();
    expect((await money.chargeOf(booking)).amount_refunded).toBe(refund.amount);
    expect((await money.paymentOf(booking)).refunds).toMatchObject([{ amount: refund, status: 'succeeded' }]);
    const { shares, paid: all } = await server.standing(booking);
    const { hostKeeps } = (await money.read(booking, server.host)).cancellation;
    expect(shares).toMatchObject({ refunds: refund.amount, taxes: 0 });
    expect(shares.host).toBe(hostKeeps.amount - Math.round(hostKeeps.amount * 0.03));
    expect(shares.platform).toBe(all - refund.amount - shares.host);
  });

  test('by the host gives everything back', async () => {
    const booking = await paid();
    await money.post(server.host, booking, 'cancel', { reason: 'The roof leaks.' });
    await server.work();
    expect((await server.standing(booking)).shares).toEqual(allBack(booking.total.amount));
    expect((await money.chargeOf(booking)).refunded).toBe(true);
  });

  test('whose refund does not arrive is not ordered again by itself', async () => {
    const booking = await paid({}, 'pm_card_refundFail');
    await money.post(server.host, booking, 'cancel', { reason: 'The roof leaks.' });
    await server.work();
    await server.work();
    expect(await money.paymentOf(booking)).toMatchObject({
      refunded: eur(0),
      refunds: [{ amount: booking.total, status: 'failed' }],
    });
  });
});

describe('money that comes when the hold has expired', () => {
  const late = async () => {
    const booking = await held();
    await money.confirm(booking, 'pm_card_threeDSecure2Required');
    wait(15 * MINUTE_MS);
    await server.tick();
    expect(await money.read(booking)).toMatchObject({ status: 'expired', payment: { status: 'cancelled' } });
    return booking;
  };

  test('takes the nights again while they are free', async () => {
    const booking = await late();
    await money.authenticate(booking);
    await server.work();
    expect(await money.read(booking)).toMatchObject({
      status: 'confirmed',
      endedAt: null,
      payment: { captured: booking.total, refunded: eur(0) },
    });
    expect(await server.taken(uuidOf('lst', booking.listingId)!)).toEqual([
      'booking [2027-05-01,2027-05-05)',
    ]);
  });

  test('is given back in full when somebody else has them, and the guest is told', async () => {
    const booking = await late();
    const other = await server.person();
    await server.pay(other.call, await server.hold(other.call, booking.listingId, STAY));
    await money.authenticate(booking);
    await server.work();
    await server.work();
    expect(await money.read(booking)).toMatchObject({
      status: 'expired',
      payment: { refunded: booking.total },
    });
    expect((await money.chargeOf(booking)).refunded).toBe(true);
    expect((await server.standing(booking)).shares).toEqual(allBack(booking.total.amount));
    expect((await money.typesOf(booking)).filter((type) => type === 'booking.paidTooLate')).toHaveLength(1);
    const { body } = await guest.call('GET', '/v1/notifications');
    expect(body.data.map(({ kind }: { kind: string }) => kind)).toContain('bookingPaidTooLateForGuest');
    expect(await money.confirm(booking, 'pm_card_visa')).toMatchObject({
      status: 409,
      body: { code: 'dates_unavailable' },
    });
  });

  test('is given back after an hour, also when nobody has the nights', async () => {
    const booking = await late();
    wait(60 * MINUTE_MS);
    await money.authenticate(booking);
    await server.work();
    expect(await money.read(booking)).toMatchObject({
      status: 'expired',
      payment: { refunded: booking.total },
    });
  });
});
