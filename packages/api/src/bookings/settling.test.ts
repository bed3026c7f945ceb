import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { moneyOf } from '../../test/booking-money.ts';
import { type BookingServer, startBookingServer } from '../../test/booking-server.ts';
import type { Caller } from '../../test/caller.ts';
import { uuidOf } from '../platform/id.ts';

// What becomes of the money of a stay that was agreed: alterations, further refunds, disputes, payments made twice. After
// each story the ledger and Stripe have the same.

const NOW = new Date('2027-03-01T10:00:00Z');
const STAY = { checkIn: '2027-05-01', checkOut: '2027-05-05' };
const DAY_MS = 86_400_000;
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const URLS = { successUrl: 'https://app.example.com/paid', cancelUrl: 'https://app.example.com/back' };

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

const paid = async (card?: string) => {
  const booking = await server.pay(
    guest.call,
    await server.hold(guest.call, await server.home(), STAY),
    card,
  );
  await server.work();
  return booking;
};
interface Asked {
  id: string;
  bookingId: string;
}
const ask = async (booking: { id: string }, body: object): Promise<Asked> =>
  (await money.post(guest.call, booking, 'alterations', body)).body;
const answer = (call: Caller, { id, bookingId }: Asked, verb: string) =>
  money.post(call, { id: bookingId }, `alterations/${id}/${verb}`);
const alterationOf = async ({ id, bookingId }: Asked) =>
  (await guest.call('GET', `/v1/bookings/${bookingId}/alterations`)).body.data.find(
    (alteration: Asked) => alteration.id === id,
  );

describe('an alteration that costs more', () => {
  /** Agreed on, by the side that was asked. */
  const agreed = async (booking: { id: string }) => {
    // Which of two payments is the newer is told by their ids, a millisecond apart at least.
    server.clock.at = new Date(server.clock.at.getTime() + 1_000);
    const { body } = await answer(server.host, await ask(booking, { checkOut: '2027-05-07' }), 'accept');
    expect(body).toMatchObject({ status: 'awaitingPayment', answeredAt: null });
    return body;
  };
  /** Good for one payment of a guest who is there, and declined when it is charged again. */
  const onceOnly = async () => {
    const booking = await server.hold(guest.call, await server.home(), STAY);
    await money.confirm(booking, 'pm_card_authenticationRequired');
    await money.authenticate(booking);
    await server.work();
    const alteration = await agreed(booking);
    await server.work();
    expect(await alterationOf(alteration)).toMatchObject({ status: 'awaitingPayment' });
    expect(await money.read(booking)).toMatchObject({
      ...STAY,
      payment: {
        status: 'requiresPaymentMethod',
        failure: 'authentication_required',
        captured: booking.total,
      },
    });
    return { booking, alteration };
  };

  test('takes effect when the difference is charged', async () => {
    const booking = await paid();
    const alteration = await agreed(booking);
    expect(await money.read(booking)).toMatchObject(STAY);
    await server.work();
    expect(await alterationOf(alteration)).toMatchObject({ status: 'accepted' });
    expect(await money.read(booking)).toMatchObject({
      checkOut: '2027-05-07',
      total: alteration.newTotal,
      payment: { status: 'succeeded', captured: alteration.newTotal },
    });
    const { hostPayout } = await money.read(booking, server.host);
    expect(await server.standing(booking)).toMatchObject({
      paid: alteration.newTotal.amount,
      shares: { host: hostPayout.amount, refunds: 0 },
    });
  });

  test('that is declined waits for the guest to pay it', async () => {
    const { booking, alteration } = await onceOnly();
    expect((await money.confirm(booking, 'pm_card_visa')).body).toMatchObject({
      checkOut: '2027-05-07',
      payment: { captured: alteration.newTotal },
    });
    expect((await alterationOf(alteration)).status).toBe('accepted');
  });

  test('is paid on a page of Stripe just as well', async () => {
    const { booking, alteration } = await onceOnly();
    expect((await money.post(guest.call, booking, 'payment/checkout', URLS)).status).toBe(201);
    const [session] = (await server.ctx.stripe.client.checkout.sessions.list({ limit: 1 })).data;
    expect(session!.amount_total).toBe(alteration.priceDifference.amount);
    await server.controlStripe(`checkout/sessions/${session!.id}/pay`, { payment_method: 'pm_card_visa' });
    await server.work();
    expect((await alterationOf(alteration)).status).toBe('accepted');
  });

  test.each(['withdraw', 'decline'])('is not charged any more after %s', async (verb) => {
    const { booking, alteration } = await onceOnly();
    const by = verb === 'withdraw' ? guest.call : server.host;
    expect((await answer(by, alteration, verb)).status).toBe(200);
    await server.work();
    expect(await money.read(booking)).toMatchObject({
      ...STAY,
      payment: { status: 'succeeded', amount: booking.total, captured: booking.total, refunded: eur(0) },
    });
    expect((await money.intentOf(booking)).status).toBe('canceled');
  });

  test('expires when it is not paid, and leaves the stay as it was', async () => {
    const { booking, alteration } = await onceOnly();
    server.clock.at = new Date(alteration.expiresAt);
    await server.tick();
    expect((await alterationOf(alteration)).status).toBe('expired');
    await server.work();
    expect(await money.read(booking)).toMatchObject({ ...STAY, payment: { captured: booking.total } });
  });

  test('is given back when somebody takes the nights before it is paid', async () => {
    const booking = await paid();
    const alteration = await agreed(booking);
    const other = await server.person();
    const stay = { checkIn: '2027-05-06', checkOut: '2027-05-08' };
    await server.pay(other.call, await server.hold(other.call, booking.listingId, stay));
    await server.work();
    expect((await alterationOf(alteration)).status).toBe('expired');
    expect(await money.read(booking)).toMatchObject({
      ...STAY,
      status: 'confirmed',
      payment: { captured: alteration.newTotal, refunded: alteration.priceDifference },
    });
    expect(await money.givenBack(booking)).toBe(alteration.priceDifference.amount);
    expect(await server.taken(uuidOf('lst', booking.listingId)!)).toEqual([
      'booking [2027-05-01,2027-05-05)',
      'booking [2027-05-06,2027-05-08)',
    ]);
  });

  test('ends with a cancellation, which gives everything back that was charged', async () => {
    const booking = await paid();
    const alteration = await agreed(booking);
    await money.post(server.host, booking, 'cancel', { reason: 'The roof leaks.' });
    await server.work();
    expect((await alterationOf(alteration)).status).toBe('expired');
    const { paid: all, shares } = await server.standing(booking);
    expect(shares).toEqual({ host: 0, platform: 0, taxes: 0, refunds: all });
    expect(await money.givenBack(booking)).toBe(all);
  });
});

test('an alteration that costs less is at once, and gives the difference back', async () => {
  const booking = await paid();
  const alteration = await ask(booking, { checkOut: '2027-05-03' });
  expect((await answer(server.host, alteration, 'accept')).body.status).toBe('accepted');
  await server.work();
  const altered = await money.read(booking, server.host);
  const difference = booking.total.amount - altered.total.amount;
  expect(await money.givenBack(booking)).toBe(difference);
  expect((await server.standing(booking)).shares).toMatchObject({
    host: altered.hostPayout.amount,
    refunds: difference,
  });
});

describe('money that is given back beyond the rules', () => {
  const refund = (call: Caller, booking: { id: string }, amount: number, paidBy: string) =>
    money.post(call, booking, 'refunds', { amount: eur(amount), reason: 'The heating was broken.', paidBy });

  test('comes out of the share of who gives it, and stays given back after a cancellation', async () => {
    const booking = await paid();
    const { shares: before } = await server.standing(booking);
    expect((await refund(server.host, booking, 5_000, 'host')).body.payment.refunded).toEqual(eur(5_000));
    expect((await refund(server.admin, booking, 1_000, 'marketplace')).status).toBe(200);
    await server.work();
    expect((await server.standing(booking)).shares).toEqual({
      host: before.host - 5_000,
      platform: before.platform - 1_000,
      taxes: 0,
      refunds: 6_000,
    });
    expect(await money.givenBack(booking)).toBe(6_000);
    const told = (await money.events(booking)).find(({ type }) => type === 'booking.refunded');
    expect(told!.data).toMatchObject({ paidBy: 'host', by: 'host', refund: eur(5_000) });
    server.clock.at = new Date(Date.parse(booking.checkInAt) - DAY_MS / 24);
    const { body } = await money.post(guest.call, booking, 'cancel');
    await server.work();
    expect(await money.givenBack(booking)).toBe(body.cancellation.refund.amount + 6_000);
  });

  test('is refused beyond the share, in another currency, and to who may not give it', async () => {
    const booking = await paid();
    const { paid: all, shares } = await server.standing(booking);
    const codes = async (...args: Parameters<typeof refund>) => {
      const { status, body } = await refund(...args);
      return [status, body.code];
    };
    expect(await codes(server.host, booking, shares.host + 1, 'host')).toEqual([422, 'refund_too_large']);
    expect(await codes(server.admin, booking, all + 1, 'marketplace')).toEqual([422, 'refund_too_large']);
    expect(await codes(server.host, booking, 1, 'marketplace')).toEqual([403, 'not_your_part']);
    expect(await codes(guest.call, booking, 1, 'host')).toEqual([403, 'not_your_part']);
    expect(await codes((await server.person()).call, booking, 1, 'host')).toEqual([404, 'booking_not_found']);
    expect(await codes(server.host, booking, 0, 'host')).toEqual([422, 'invalid_request']);
    const usd = { amount: { amount: 1, currency: 'USD' }, reason: 'Sorry.', paidBy: 'host' };
    expect(await money.post(server.host, booking, 'refunds', usd)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/amount/currency' }] },
    });
    expect(await codes(server.admin, booking, all, 'marketplace')).toEqual([200, undefined]);
    expect((await server.standing(booking)).shares).toEqual({
      ...shares,
      platform: shares.platform - all,
      refunds: all,
    });
  });
});

describe('a dispute', () => {
  const disputed = async () => {
    const booking = await paid();
    const dispute = await server.controlStripe(`charges/${(await money.chargeOf(booking)).id}/dispute`);
    await server.work();
    return {
      booking,
      decide: (won: boolean) => server.controlStripe(`disputes/${dispute.id}/decide`, { won }),
    };
  };

  test('lets nothing change hands until it is decided; won, all goes on', async () => {
    const { booking, decide } = await disputed();
    const before = await server.standing(booking);
    expect(
      await money.post(server.host, booking, 'refunds', { amount: eur(1), reason: 'Sorry.', paidBy: 'host' }),
    ).toMatchObject({ status: 409, body: { code: 'booking_disputed' } });
    await money.post(server.host, booking, 'cancel', { reason: 'The roof leaks.' });
    await server.work();
    expect(await server.standing(booking)).toEqual(before);
    await decide(true);
    await server.work();
    expect((await server.standing(booking)).shares).toMatchObject({ host: 0, refunds: booking.total.amount });
    expect(await money.givenBack(booking)).toBe(booking.total.amount);
  });

  test('that is lost is borne by the host first, and nothing is given back twice', async () => {
    const { booking, decide } = await disputed();
    await decide(false);
    await server.work();
    const lost = booking.total.amount;
    expect((await server.standing(booking)).shares).toEqual({
      host: 0,
      platform: 0,
      taxes: 0,
      refunds: lost,
    });
    await money.post(server.host, booking, 'cancel', { reason: 'The roof leaks.' });
    await server.work();
    expect((await money.paymentOf(booking)).refunds).toEqual([]);
  });
});

test('what a bank took of one payment is given back of the others no more than once', async () => {
  const booking = await paid();
  server.clock.at = new Date(NOW.getTime() + 1_000);
  await answer(server.host, await ask(booking, { checkOut: '2027-05-07' }), 'accept');
  await server.work();
  const { total } = await money.read(booking);
  // The newest payment is disputed: money is given back of the newest first.
  const dispute = await server.controlStripe(`charges/${(await money.chargeOf(booking)).id}/dispute`);
  await server.controlStripe(`disputes/${dispute.id}/decide`, { won: false });
  await server.work();
  await money.post(server.host, booking, 'cancel', { reason: 'The roof leaks.' });
  await server.work();
  expect(await money.givenBack(booking)).toBe(booking.total.amount);
  expect((await server.standing(booking)).shares).toMatchObject({
    host: 0,
    platform: 0,
    refunds: total.amount,
  });
});

test('a refund that comes to Stripe when a bank has given the money back is in vain, and nobody pays twice', async () => {
  const booking = await paid();
  await server.controlStripe('webhooks', { paused: true });
  const dispute = await server.controlStripe(`charges/${(await money.chargeOf(booking)).id}/dispute`);
  await money.post(server.host, booking, 'cancel', { reason: 'The roof leaks.' });
  // The job of the refund is late: what Stripe tells is heard first.
  const runAt = new Date(NOW.getTime() + 60_000);
  const { db } = server.resources;
  await db.updateTable('jobs').set({ run_at: runAt }).where('name', '=', 'payments.refund').execute();
  await server.controlStripe(`disputes/${dispute.id}/decide`, { won: false });
  await server.controlStripe('webhooks', { paused: false });
  await server.work();
  server.clock.at = runAt;
  await server.work();
  const total = booking.total.amount;
  expect((await server.standing(booking)).shares).toEqual({ host: 0, platform: 0, taxes: 0, refunds: total });
  expect((await money.paymentOf(booking)).refunds).toMatchObject([{ status: 'cancelled' }]);
});

test('a stay that is paid twice, by a browser and here, gives one of the payments back', async () => {
  const booking = await server.hold(guest.call, await server.home(), STAY);
  await money.post(guest.call, booking, 'payment/checkout', URLS);
  const [session] = (await server.ctx.stripe.client.checkout.sessions.list({ limit: 1 })).data;
  await server.controlStripe('webhooks', { paused: true });
  await server.controlStripe(`checkout/sessions/${session!.id}/pay`, { payment_method: 'pm_card_visa' });
  await money.confirm(booking, 'pm_card_visa');
  await server.controlStripe('webhooks', { paused: false });
  await server.work();
  await server.work();
  const { paid: all, shares } = await server.standing(booking);
  expect(await money.read(booking)).toMatchObject({ status: 'confirmed' });
  expect(all - shares.refunds).toBe(booking.total.amount);
  expect(await money.givenBack(booking)).toBe(shares.refunds);
});
