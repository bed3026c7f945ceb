import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Host, type PayoutServer, startPayoutServer } from '../../test/payout-server.ts';
import { newUuid } from '../platform/id.ts';

// A host's money, from the moment it is earned until it is at Stripe. Guests pay at the emulator; after
// each test the balance, the ledger and Stripe tell the same.

let server: PayoutServer;
let host: Host;
beforeAll(async () => {
  server = await startPayoutServer();
});
afterAll(() => server.stop());

const START = '2027-03-01T10:00:00Z';
/** A day after the check-in on 1 April. */
const DUE = '2027-04-02T14:00:00Z';
beforeEach(async () => {
  server.goTo(START);
  host = await server.newHost();
});

const eur = (amount: number) => ({ amount, currency: 'EUR' });

describe('a payout', () => {
  test('is sent a day after the check-in, once, with all that tells of it', async () => {
    const account = await server.enable(host);
    const stay = await server.stay(host, 40_000);
    expect(await server.payouts(host)).toMatchObject([
      {
        status: 'scheduled',
        dueAt: '2027-04-02T14:00:00.000Z',
        amount: eur(40_000),
        bookingId: stay.id,
        blockedBy: null,
      },
    ]);
    expect(await server.balance(host)).toMatchObject([{ upcoming: eur(40_000), paid: eur(0), owed: eur(0) }]);
    server.goTo('2027-04-02T13:59:59Z');
    expect(await server.send()).toEqual([]);
    expect(await server.transfersTo(account)).toEqual([]);
    server.goTo(DUE);
    expect(await server.send()).toEqual([]);
    expect(await server.send()).toEqual([]);
    const [transfer, ...more] = await server.transfersTo(account);
    expect(more).toEqual([]);
    expect(transfer).toMatchObject({
      amount: 40_000,
      currency: 'eur',
      source_transaction: stay.chargeId,
      transfer_group: stay.id,
    });
    const [payout] = await server.payouts(host);
    expect(payout).toMatchObject({ status: 'paid', transferId: transfer!.id, nextAttemptAt: null });
    expect(transfer!.metadata).toMatchObject({ payout: payout.id, booking: stay.id });
    expect(await server.balance(host)).toMatchObject([
      { upcoming: eur(0), inTransit: eur(0), paid: eur(40_000) },
    ]);
    await server.agree(host);
  });

  test('of a long stay goes out by the month', async () => {
    const account = await server.enable(host);
    await server.stay(host, 61_000, { nights: 61 });
    const amounts = async () => (await server.transfersTo(account)).map(({ amount }) => amount);
    server.goTo(DUE);
    await server.send();
    expect(await amounts()).toEqual([30_000]);
    server.goTo('2027-05-02T13:59:00Z');
    await server.send();
    expect(await amounts()).toEqual([30_000]);
    server.goTo('2027-05-02T14:00:00Z');
    await server.send();
    expect(await amounts()).toEqual([31_000, 30_000]);
    await server.agree(host);
  });

  test('follows what the host earns while it waits, and nothing is left of one that is no longer owed', async () => {
    const stay = await server.stay(host, 40_000);
    const [{ id }] = await server.payouts(host);
    await server.earn(stay, 15_000);
    expect(await server.payouts(host)).toMatchObject([{ id, status: 'scheduled', amount: eur(15_000) }]);
    await server.earn(stay, 0);
    expect(await server.payouts(host)).toMatchObject([{ id, status: 'cancelled' }]);
    await server.agree(host);
    await server.earn(stay, 20_000);
    expect(await server.payouts(host, '&status=scheduled')).toMatchObject([{ amount: eur(20_000) }]);
    await server.agree(host);
  });

  test('waits for an account that can take it, and goes at once when there is one', async () => {
    await server.stay(host, 40_000);
    expect(await server.payouts(host)).toMatchObject([{ status: 'scheduled', blockedBy: 'payoutAccount' }]);
    server.goTo('2027-04-05T00:00:00Z');
    await server.send();
    expect(await server.balance(host)).toMatchObject([{ upcoming: eur(0), onHold: eur(40_000) }]);
    await server.agree(host);
    const account = await server.enable(host);
    await server.send();
    expect(await server.transfersTo(account)).toHaveLength(1);
    expect(await server.payouts(host)).toMatchObject([{ status: 'paid' }]);
    await server.agree(host);
  });

  test('of a disputed booking does not go out until the dispute is over', async () => {
    const account = await server.enable(host);
    const stay = await server.stay(host, 40_000);
    const dispute = await disputed(stay);
    server.goTo(DUE);
    await server.send();
    expect(await server.transfersTo(account)).toEqual([]);
    expect(await server.payouts(host)).toMatchObject([{ status: 'scheduled', blockedBy: 'dispute' }]);
    expect(await server.balance(host)).toMatchObject([{ onHold: eur(40_000), upcoming: eur(0) }]);
    await server.ctx.db.updateTable('disputes').set({ status: 'won' }).where('id', '=', dispute).execute();
    await server.send();
    // The charge was disputed once, so that the money is taken from the balance.
    expect(await server.transfersTo(account)).toMatchObject([{ amount: 40_000, source_transaction: null }]);
    await server.agree(host);
  });

  test('in a currency of three decimals leaves behind only what Stripe cannot move', async () => {
    const account = await server.enable(host);
    await server.stay(host, 12_347, { currency: 'KWD' });
    server.goTo(DUE);
    await server.send();
    expect(await server.transfersTo(account)).toMatchObject([{ amount: 12_340, currency: 'kwd' }]);
    expect(await server.payouts(host)).toMatchObject([
      { status: 'scheduled', amount: { amount: 7, currency: 'KWD' } },
      { status: 'paid', amount: { amount: 12_340, currency: 'KWD' } },
    ]);
    await server.agree(host);
  });

  test('in a currency without decimals is the right sum', async () => {
    const account = await server.enable(host);
    await server.stay(host, 12_347, { currency: 'JPY' });
    server.goTo(DUE);
    await server.send();
    expect(await server.transfersTo(account)).toMatchObject([{ amount: 12_347, currency: 'jpy' }]);
    await server.agree(host);
  });
});

async function disputed({ uuid }: { uuid: string }): Promise<string> {
  const id = newUuid(server.clock.at);
  const { db } = server.ctx;
  const payment = await db
    .selectFrom('payments')
    .select('id')
    .where('reference', '=', uuid)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('disputes')
    .values({
      id,
      payment_id: payment.id,
      reference: uuid,
      stripe_dispute_id: `dp_${id}`,
      currency: 'EUR',
      amount: 1,
      status: 'open',
      reason: 'fraudulent',
      opened_at: server.clock.at,
      looked_at: server.clock.at,
    })
    .execute();
  return id;
}
