import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Host, type PayoutServer, startPayoutServer } from '../../test/payout-server.ts';
import { sendDue } from './service/send-due.ts';

// What becomes of stays after money of them was sent: to the host goes in the end what the ledger says is the host's.

let server: PayoutServer;
let host: Host;
let guest: Awaited<ReturnType<PayoutServer['person']>>;
let account: string;
beforeAll(async () => {
  server = await startPayoutServer();
});
afterAll(() => server.stop());
afterEach(async () => {
  await server.agree(host);
});

async function work() {
  await server.work();
  await server.send();
  await server.work();
}
async function paid(checkIn: string, checkOut: string): Promise<{ id: string }> {
  server.goTo('2027-03-01T10:00:00Z');
  host = await server.newHost();
  account = await server.enable(host);
  guest = await server.person();
  const stay = await server.hold(guest.call, await server.home({}, host.call), { checkIn, checkOut });
  await server.pay(guest.call, stay);
  await work();
  return stay;
}
/** What the host has at Stripe. */
const got = async () =>
  (await server.transfersTo(account)).reduce(
    (sum, { amount, amount_reversed }) => sum + amount - amount_reversed,
    0,
  );
const shareOf = async (stay: { id: string }) => (await server.standing(stay)).shares.host;
const act = (call: Host['call'], stay: { id: string }, verb: string, body: object = {}) =>
  call('POST', `/v1/bookings/${stay.id}/${verb}`, { body });

test('a dispute that is lost takes back from the host what was sent', async () => {
  const stay = await paid('2027-04-01', '2027-04-05');
  server.goTo('2027-04-02T14:00:00Z');
  await work();
  expect(await got()).toBe(await shareOf(stay));
  const charges = await server.ctx.stripe.client.charges.list({ limit: 100 });
  const charge = charges.data.find(({ transfer_group }) => transfer_group === stay.id);
  const dispute = await server.control(`charges/${charge!.id}/dispute`);
  await work();
  await server.control(`disputes/${dispute.id}/decide`, { won: false });
  await work();
  expect(await shareOf(stay)).toBe(0);
  expect(await got()).toBe(0);
});

test('a long stay that is made shorter after its first month is paid what is left of it', async () => {
  const stay = await paid('2027-04-01', '2027-06-10');
  server.goTo('2027-04-02T14:00:00Z');
  await work();
  const first = await got();
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(await shareOf(stay));
  await act(guest.call, stay, 'check-in');
  const { body: asked } = await act(guest.call, stay, 'alterations', { checkOut: '2027-05-20' });
  const accepted = await act(host.call, stay, `alterations/${asked.id}/accept`);
  expect(accepted.body).toMatchObject({ status: 'accepted' });
  await work();
  // The nights of the first month are worth a little more by now, of which the fee for cleaning is a greater part.
  expect(await got()).toBeGreaterThanOrEqual(first);
  expect(await got()).toBeLessThan(await shareOf(stay));
  server.goTo('2027-05-02T14:00:00Z');
  await work();
  expect(await got()).toBe(await shareOf(stay));
});

test('a long stay that the host ends after two months goes back as a whole, and costs a penalty', async () => {
  const stay = await paid('2027-04-01', '2027-06-10');
  server.goTo('2027-05-02T14:00:00Z');
  await work();
  expect(await server.transfersTo(account)).toHaveLength(2);
  const { body } = await act(host.call, stay, 'cancel', { reason: 'The roof leaks.' });
  expect(body.status).toBe('cancelled');
  await work();
  expect(await shareOf(stay)).toBe(0);
  expect(await got()).toBe(0);
  expect(await server.balance(host)).toMatchObject([
    { owed: body.cancellation.penalty, upcoming: { amount: 0 } },
  ]);
});

test('a stay that is cancelled while its payout is on its way takes it back when it has arrived', async () => {
  const stay = await paid('2027-04-01', '2027-04-05');
  server.goTo('2027-04-02T14:00:00Z');
  await server.work();
  await sendDue(server.ctx, server.signal);
  expect((await act(host.call, stay, 'cancel', { reason: 'The roof leaks.' })).status).toBe(200);
  await work();
  await work();
  expect(await got()).toBe(0);
  expect(await server.payable(host)).toEqual(
    Object.fromEntries(
      (await server.balance(host)).map(
        ({ currency, owed }: { currency: string; owed: { amount: number } }) => [currency, -owed.amount],
      ),
    ),
  );
});
