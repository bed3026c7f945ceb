import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Host, type PayoutServer, startPayoutServer } from '../../test/payout-server.ts';
import { transaction } from '../platform/context.ts';
import { planPayouts } from './service/plan-payouts.ts';
import { sendDue } from './service/send-due.ts';
import { sweepSilent } from './service/sweep.ts';
import { transferPayout } from './service/transfer.ts';

// Transfers that Stripe refuses or does not answer, and that many want to make at once: the money goes once.

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

describe('a transfer that does not go through', () => {
  test('to an account that was closed is tried again when there is another account', async () => {
    const closed = await server.enable(host);
    await server.stay(host, 40_000);
    await server.control(`accounts/${closed}/close`);
    server.goTo(DUE);
    expect(await server.send()).toEqual([]);
    expect(await server.payouts(host)).toMatchObject([
      {
        status: 'failed',
        failure: 'accountRestricted',
        blockedBy: 'payoutAccount',
        nextAttemptAt: '2027-04-02T15:00:00.000Z',
      },
    ]);
    expect((await host.call('GET', '/v1/payout-account')).body.status).toBe('closed');
    expect(await server.balance(host)).toMatchObject([{ onHold: eur(40_000) }]);
    await server.agree(host);
    const opened = await server.enable(host);
    expect(opened).not.toBe(closed);
    await server.send();
    expect(await server.transfersTo(opened)).toMatchObject([{ amount: 40_000 }]);
    expect(await server.payouts(host)).toMatchObject([{ status: 'paid', failure: null }]);
    await server.agree(host);
  });

  test('for want of money is tried again after an hour, and the host is told once', async () => {
    const account = await server.enable(host);
    const stay = await server.stay(host, 40_000);
    // Without its charge the money must come from the balance, and that is not there.
    await server.ctx.db
      .updateTable('payments')
      .set({ stripe_charge_id: null })
      .where('reference', '=', stay.uuid)
      .execute();
    const away = await emptyBalance();
    server.goTo(DUE);
    await server.send();
    expect(await server.payouts(host)).toMatchObject([{ status: 'failed', failure: 'balanceInsufficient' }]);
    server.goTo('2027-04-02T14:59:00Z');
    await server.send();
    server.goTo('2027-04-02T15:00:00Z');
    await server.send();
    expect(await server.payouts(host)).toMatchObject([
      { status: 'failed', nextAttemptAt: '2027-04-02T17:00:00.000Z' },
    ]);
    expect(await server.news(host, 'payout.failed')).toHaveLength(1);
    await away.back();
    server.goTo('2027-04-02T17:00:00Z');
    await server.send();
    expect(await server.transfersTo(account)).toMatchObject([{ amount: 40_000 }]);
    expect(await server.news(host, 'payout.paid')).toHaveLength(1);
  });

  test('is made once when Stripe acts and does not answer', async () => {
    const account = await server.enable(host);
    await server.stay(host, 40_000);
    server.goTo(DUE);
    // The client repeats a call by itself: it takes two answers that are lost for the job to fail.
    await server.control('faults', { dropNext: '2', 'paths[0]': '/v1/transfers' });
    expect(await server.send()).toHaveLength(1);
    expect(await server.payouts(host)).toMatchObject([{ status: 'processing' }]);
    expect(await server.balance(host)).toMatchObject([{ inTransit: eur(40_000), upcoming: eur(0) }]);
    expect(await server.runJobs()).toEqual([]);
    expect(await server.transfersTo(account)).toHaveLength(1);
    expect(await server.payouts(host)).toMatchObject([{ status: 'paid' }]);
    await server.agree(host);
  });

  test('is found again when nobody looked for longer than Stripe knows the key', async () => {
    const account = await server.enable(host);
    await server.stay(host, 40_000);
    server.goTo(DUE);
    await server.control('faults', { dropNext: '2', 'paths[0]': '/v1/transfers' });
    await server.send();
    await server.ctx.db.deleteFrom('jobs').where('name', '=', 'payouts.transfer').execute();
    // As it would be if the key were forgotten.
    await server.ctx.db
      .updateTable('payouts')
      .set({ stripe_account_id: 'acct_that_would_be_refused' })
      .where('host_id', '=', host.uuid)
      .execute();
    server.goTo('2027-04-05T00:00:00Z');
    await sweepSilent(server.ctx, server.signal);
    expect(await server.runJobs()).toEqual([]);
    expect(await server.transfersTo(account)).toHaveLength(1);
    expect(await server.payouts(host)).toMatchObject([{ status: 'paid' }]);
    await server.agree(host);
  });

  test('gives back what it would have paid of debts', async () => {
    const account = await server.enable(host);
    await server.stay(host, 40_000);
    await server.cancelled(await server.paidStay(host, { checkIn: '2027-06-01' }), 15_000);
    await server.control(`accounts/${account}/close`);
    server.goTo(DUE);
    await server.send();
    expect(await server.balance(host)).toMatchObject([{ onHold: eur(40_000), owed: eur(15_000) }]);
    const [{ id }] = await server.payouts(host);
    expect((await host.call('GET', `/v1/payouts/${id}`)).body).toMatchObject({
      deducted: eur(0),
      deductions: [],
    });
    await server.agree(host);
  });
});

/** All that the marketplace has at Stripe goes elsewhere for a while. */
async function emptyBalance() {
  const { client } = server.ctx.stripe;
  const { available } = await client.balance.retrieve();
  const other = await server.newHost();
  const destination = await server.enable(other);
  const amount = available.find(({ currency }) => currency === 'eur')!.amount;
  const transfer = await client.transfers.create({ amount, currency: 'eur', destination });
  return { back: () => client.transfers.createReversal(transfer.id) };
}

test('two workers that send what is due at the same time send it once', async () => {
  const account = await server.enable(host);
  for (const checkIn of ['2027-04-01', '2027-04-06', '2027-04-11'])
    await server.stay(host, 10_000, { checkIn });
  server.goTo('2027-05-01T00:00:00Z');
  await Promise.all(Array.from({ length: 4 }, () => sendDue(server.ctx, server.signal)));
  const ids = await server.ctx.db
    .selectFrom('payouts')
    .select('id')
    .where('host_id', '=', host.uuid)
    .execute();
  await Promise.all(
    ids.flatMap(({ id }) => [transferPayout(server.ctx, id), transferPayout(server.ctx, id)]),
  );
  await server.runJobs();
  expect(await server.transfersTo(account)).toHaveLength(3);
  expect(await server.balance(host)).toMatchObject([{ paid: eur(30_000), upcoming: eur(0) }]);
  await server.agree(host);
});

test('what is sent while bookings change and hosts fall into debt is the right sum all the same', async () => {
  const account = await server.enable(host);
  const days = ['01', '06', '11', '16', '21', '26'];
  const stays = [];
  for (const day of days) stays.push(await server.stay(host, 10_000, { checkIn: `2027-04-${day}` }));
  const debtor = await server.paidStay(host, { checkIn: '2027-06-01' });
  server.goTo('2027-05-01T00:00:00Z');
  await Promise.all([
    ...stays.flatMap((stay) => [server.earn(stay, 6_000), sendDue(server.ctx, server.signal)]),
    server.cancelled(debtor, 5_000),
    ...stays.map((stay) => server.earn(stay, 8_000)),
  ]);
  for (let round = 0; round < 4; round++) await server.send();
  await Promise.all(stays.map((stay) => server.earn(stay, 7_000)));
  for (let round = 0; round < 4; round++) await server.send();
  const sent = (await server.transfersTo(account)).map(
    ({ amount, amount_reversed }) => amount - amount_reversed,
  );
  const [{ owed }] = await server.balance(host);
  expect(sent.reduce((sum, amount) => sum + amount, 0)).toBe(6 * 7_000 - 5_000 + owed.amount);
  await server.agree(host);
  const { rows } = await sql<{ deadlocks: number }>`select deadlocks::int from pg_stat_database
    where datname = current_database()`.execute(server.ctx.db);
  expect(rows).toEqual([{ deadlocks: 0 }]);
});

test('planning again, at once and by many, changes nothing', async () => {
  const stay = await server.stay(host, 61_000, { nights: 61 });
  const before = await server.payouts(host);
  await Promise.all(
    Array.from({ length: 4 }, () => transaction(server.ctx, (tx) => planPayouts(server.ctx, tx, stay.uuid))),
  );
  expect(await server.payouts(host)).toEqual(before);
});
