import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { moneyOf } from '../../test/booking-money.ts';
import { type BookingServer, startBookingServer } from '../../test/booking-server.ts';
import type { Caller } from '../../test/caller.ts';
import { settleAttempt } from '../payments/service/settle-attempt.ts';
import { startAttempt } from '../payments/service/start-attempt.ts';
import { transaction } from '../platform/context.ts';
import { uuidOf } from '../platform/id.ts';
import { followForgotten } from './service/follow-payments.ts';

// What happens to the money of stays that nobody here asked for, and what is sent that cannot be.

const NOW = new Date('2027-03-01T10:00:00Z');
const STAY = { checkIn: '2027-05-01', checkOut: '2027-05-05' };
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

test('what was given back by hand at Stripe is borne as a refund is', async () => {
  const booking = await paid();
  const before = (await server.standing(booking)).shares;
  await server.ctx.stripe.client.refunds.create({
    charge: (await money.chargeOf(booking)).id,
    amount: 3_000,
  });
  await server.work();
  expect((await server.standing(booking)).shares).toEqual({
    ...before,
    host: before.host - 3_000,
    refunds: 3_000,
  });
});

test.each(['\u0000', 'pm_\ud800', 'pm_card_visa/../..', '💳', ' ', 'pm_card_visa\u0000'])(
  '%j is no payment method, and another can be tried',
  async (paymentMethod) => {
    const booking = await server.hold(guest.call, await server.home(), STAY);
    const answer = await money.confirm(booking, paymentMethod);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect((await money.confirm(booking, 'pm_card_visa')).status).toBe(200);
  },
);

test('what a host gives back after a bank took a part comes on top of it', async () => {
  const booking = await paid();
  const dispute = await server.controlStripe(`charges/${(await money.chargeOf(booking)).id}/dispute`, {
    amount: 10_000,
  });
  await server.work();
  await server.controlStripe(`disputes/${dispute.id}/decide`, { won: false });
  await server.work();
  const before = await server.standing(booking);
  const answer = await money.post(server.host, booking, 'refunds', {
    amount: eur(2_000),
    reason: 'Sorry.',
    paidBy: 'host',
  });
  await server.work();
  expect(answer.status).toBe(200);
  const { shares } = await server.standing(booking);
  expect(shares).toEqual({ ...before.shares, host: before.shares.host - 2_000, refunds: 12_000 });
  // Of a charge that a bank took back Stripe gives nothing back: people see to it.
  expect((await money.paymentOf(booking)).refunds).toMatchObject([
    { amount: eur(2_000), status: 'failed', failure: 'dispute_lost' },
  ]);
});

test('a stay that was paid is confirmed, although all news of the payment was lost', async () => {
  const booking = await server.hold(guest.call, await server.home(), STAY);
  const wanted = { reference: uuidOf('bkg', booking.id)!, paymentMethod: 'pm_card_visa' };
  await settleAttempt(
    server.ctx,
    await transaction(server.ctx, (tx) => startAttempt(server.ctx, tx, wanted)),
  );
  await server.resources.db.deleteFrom('outbox').execute();
  await server.work();
  expect((await money.read(booking)).status).toBe('held');
  server.clock.at = new Date(NOW.getTime() + 11 * 60_000);
  await followForgotten(server.ctx);
  await server.work();
  expect((await money.read(booking)).status).toBe('confirmed');
  const { paid: total, shares } = await server.standing(booking);
  expect(shares.host + shares.platform + shares.taxes).toBe(total);
});
