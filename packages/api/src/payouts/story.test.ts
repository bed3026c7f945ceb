import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Host, type PayoutServer, startPayoutServer } from '../../test/payout-server.ts';

// From the guest who pays to the host who is paid, with all workers at work: bookings say what the host gets, Stripe tells
// what happened, and payouts follow.

let server: PayoutServer;
let host: Host;
let account: string;
beforeAll(async () => {
  server = await startPayoutServer();
  host = await server.newHost();
  account = await server.enable(host);
});
afterAll(() => server.stop());

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** Sends what is due, with all that comes before it and follows. */
async function work() {
  await server.work();
  await server.send();
  await server.work();
}
const balance = async () => (await server.balance(host))[0];

test('a stay is paid, paid out, given back in part, and the host pays for another that they cancel', async () => {
  const guest = await server.person();
  const listing = await server.home({}, host.call);
  const stay = await server.hold(guest.call, listing, { checkIn: '2027-04-01', checkOut: '2027-04-05' });
  await server.pay(guest.call, stay);
  await work();
  const { hostPayout } = (await host.call('GET', `/v1/bookings/${stay.id}`)).body;
  expect(await balance()).toMatchObject({ upcoming: hostPayout, paid: eur(0) });

  server.goTo('2027-04-02T14:00:00Z');
  await work();
  expect(await server.transfersTo(account)).toMatchObject([{ amount: hostPayout.amount }]);
  expect(await balance()).toMatchObject({ upcoming: eur(0), paid: hostPayout });

  const refund = await host.call('POST', `/v1/bookings/${stay.id}/refunds`, {
    body: { amount: eur(5_000), reason: 'The heating was cold.', paidBy: 'host' },
  });
  expect(refund.status).toBe(200);
  await work();
  expect(await balance()).toMatchObject({ paid: eur(hostPayout.amount - 5_000), owed: eur(0) });

  const next = await server.hold(guest.call, listing, { checkIn: '2027-05-01', checkOut: '2027-05-05' });
  await server.pay(guest.call, next);
  await work();
  const cancelled = await host.call('POST', `/v1/bookings/${next.id}/cancel`, { body: {} });
  await work();
  const { penalty } = cancelled.body.cancellation;
  expect(penalty.amount).toBeGreaterThan(0);
  expect(await balance()).toMatchObject({ upcoming: eur(0), owed: penalty });

  const last = await server.hold(guest.call, listing, { checkIn: '2027-06-01', checkOut: '2027-06-05' });
  await server.pay(guest.call, last);
  server.goTo('2027-06-02T14:00:00Z');
  await work();
  const [newest] = await server.payouts(host, '&status=paid');
  expect(newest).toMatchObject({ bookingId: last.id, deducted: penalty });
  expect(await balance()).toMatchObject({ upcoming: eur(0), onHold: eur(0), owed: eur(0) });
  expect(await server.missing()).toEqual({});
});

test('a dispute keeps the payout until it is won', async () => {
  const guest = await server.person();
  const listing = await server.home({}, host.call);
  const stay = await server.hold(guest.call, listing, { checkIn: '2027-07-01', checkOut: '2027-07-05' });
  await server.pay(guest.call, stay);
  await work();
  const { stripe_charge_id: charge } = await server.ctx.db
    .selectFrom('payments')
    .select('stripe_charge_id')
    .where('stripe_charge_id', 'is not', null)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  const dispute = (await server.control(`charges/${charge}/dispute`)) as { id: string };
  server.goTo('2027-07-02T14:00:00Z');
  await work();
  const payout = (await server.payouts(host)).find((one: { bookingId: string }) => one.bookingId === stay.id);
  expect(payout).toMatchObject({ status: 'scheduled', blockedBy: 'dispute' });
  await server.control(`disputes/${dispute.id}/decide`, { won: true });
  await work();
  expect((await host.call('GET', `/v1/payouts/${payout.id}`)).body).toMatchObject({ status: 'paid' });
  expect(await server.missing()).toEqual({});
});
