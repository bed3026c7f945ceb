import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Host, type PayoutServer, startPayoutServer } from '../../test/payout-server.ts';
import { transaction } from '../platform/context.ts';
import { chargePenalty } from './service/charge-penalty.ts';
import { sendDue } from './service/send-due.ts';
import { sweepSilent } from './service/sweep.ts';

// Money that comes back from a host after it was sent, and what a host owes.

let server: PayoutServer;
let host: Host;
let account: string;
beforeAll(async () => {
  server = await startPayoutServer();
});
afterAll(() => server.stop());

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** On a day in April, when one stay is paid out, if it earns something. */
beforeEach(async () => {
  server.goTo('2027-03-01T10:00:00Z');
  host = await server.newHost();
  account = await server.enable(host);
});
async function paidOut(earns: number) {
  const stay = await server.stay(host, earns);
  server.goTo('2027-04-02T14:00:00Z');
  await server.send();
  return stay;
}

describe('a refund after the payout', () => {
  test('is taken back from what was sent', async () => {
    const stay = await paidOut(40_000);
    await server.earn(stay, 25_000);
    expect(await server.balance(host)).toMatchObject([{ paid: eur(40_000), owed: eur(15_000) }]);
    await server.agree(host);
    await server.runJobs();
    expect(await server.payouts(host)).toMatchObject([
      { status: 'paid', amount: eur(40_000), reversed: eur(15_000) },
    ]);
    expect(await server.transfersTo(account)).toMatchObject([{ amount: 40_000, amount_reversed: 15_000 }]);
    expect(await server.balance(host)).toMatchObject([{ paid: eur(25_000), owed: eur(0) }]);
    expect(await server.news(host, 'payout.reversed')).toMatchObject([{ reversal: 15_000 }]);
    await server.agree(host);
  });

  test('is taken back once, when Stripe acts and does not answer, and however often it is asked', async () => {
    const stay = await paidOut(40_000);
    await server.earn(stay, 25_000);
    await server.control('faults', { dropNext: '2', 'paths[0]': '/v1/transfers' });
    expect(await server.runJobs()).toHaveLength(1);
    await server.ctx.db.deleteFrom('jobs').where('name', '=', 'payouts.reverse').execute();
    server.goTo('2027-04-04T00:00:00Z');
    await sweepSilent(server.ctx, server.signal);
    expect(await server.runJobs()).toEqual([]);
    await server.earn(stay, 25_000);
    expect(await server.runJobs()).toEqual([]);
    expect(await server.transfersTo(account)).toMatchObject([{ amount_reversed: 15_000 }]);
    await server.agree(host);
  });

  test('of which the host has nothing left any more is owed, and later payouts pay it, however many it takes', async () => {
    const stay = await paidOut(40_000);
    await server.control(`accounts/${account}/pay_out`);
    await server.earn(stay, 10_000);
    await server.runJobs();
    expect(await server.news(host, 'payout.reversalFailed')).toMatchObject([
      { reversal: 30_000, reason: 'balanceInsufficient' },
    ]);
    expect(await server.balance(host)).toMatchObject([{ paid: eur(40_000), owed: eur(30_000) }]);
    await server.agree(host);
    await server.stay(host, 12_000, { checkIn: '2027-05-01' });
    await server.stay(host, 25_000, { checkIn: '2027-05-10' });
    server.goTo('2027-05-02T14:00:00Z');
    await server.send();
    expect(await server.balance(host)).toMatchObject([{ upcoming: eur(25_000), owed: eur(18_000) }]);
    await server.agree(host);
    server.goTo('2027-05-11T14:00:00Z');
    await server.send();
    const sent = (await server.transfersTo(account)).map(({ amount }) => amount);
    expect(sent).toEqual([7_000, 40_000]);
    expect(await server.balance(host)).toMatchObject([{ upcoming: eur(0), owed: eur(0), paid: eur(47_000) }]);
    await server.agree(host);
    const payouts: { id: string; amount: { amount: number } }[] = await server.payouts(host);
    const of = (amount: number) => payouts.find((payout) => payout.amount.amount === amount)!;
    expect(of(12_000)).toMatchObject({
      status: 'paid',
      amount: eur(12_000),
      deducted: eur(12_000),
      transferId: null,
    });
    expect((await host.call('GET', `/v1/payouts/${of(25_000).id}`)).body).toMatchObject({
      amount: eur(25_000),
      deducted: eur(18_000),
      sent: eur(7_000),
      deductions: [{ kind: 'reversal', bookingId: stay.id, amount: eur(18_000) }],
    });
  });

  test('that comes while the money is on its way is taken back as soon as that has arrived', async () => {
    const stay = await server.stay(host, 40_000);
    server.goTo('2027-04-02T14:00:00Z');
    await sendDue(server.ctx, server.signal);
    await server.earn(stay, 0);
    expect(await server.payouts(host)).toMatchObject([{ status: 'processing', amount: eur(40_000) }]);
    for (let round = 0; round < 4; round++) await server.runJobs();
    expect(await server.transfersTo(account)).toMatchObject([{ amount: 40_000, amount_reversed: 40_000 }]);
    expect(await server.balance(host)).toMatchObject([{ paid: eur(0), inTransit: eur(0), owed: eur(0) }]);
    await server.agree(host);
  });

  test('that turns out not to be one is paid again', async () => {
    const stay = await paidOut(40_000);
    await server.earn(stay, 0);
    await server.runJobs();
    await server.earn(stay, 40_000);
    await server.send();
    expect(
      (await server.transfersTo(account)).map(({ amount, amount_reversed }) => amount - amount_reversed),
    ).toEqual([40_000, 0]);
    expect(await server.balance(host)).toMatchObject([{ paid: eur(40_000) }]);
    await server.agree(host);
  });
});

describe('a penalty', () => {
  test('is owed once, and paid by the next payouts in its currency', async () => {
    const given = await server.paidStay(host, { checkIn: '2027-06-01' });
    await server.cancelled(given, 15_000);
    await transaction(server.ctx, (tx) => chargePenalty(server.ctx, tx, given.uuid));
    expect(await server.balance(host)).toMatchObject([{ owed: eur(15_000) }]);
    expect(await server.payable(host)).toEqual({ EUR: -15_000 });
    await server.stay(host, 5_000, { currency: 'USD', checkIn: '2027-04-10' });
    await server.stay(host, 40_000);
    server.goTo('2027-05-02T00:00:00Z');
    await server.send();
    const sent = (await server.transfersTo(account)).map(({ amount, currency }) => `${amount} ${currency}`);
    expect(sent.toSorted()).toEqual(['25000 eur', '5000 usd']);
    await server.agree(host);
  });

  test('that is all that a payout is worth is paid without a transfer', async () => {
    await server.cancelled(await server.paidStay(host, { checkIn: '2027-06-01' }), 15_000);
    await paidOut(15_000);
    expect(await server.transfersTo(account)).toEqual([]);
    expect(await server.payouts(host)).toMatchObject([
      { status: 'paid', deducted: eur(15_000), sent: eur(0) },
    ]);
    expect(await server.news(host, 'payout.paid')).toMatchObject([{ sent: 0, deducted: 15_000 }]);
    await server.agree(host);
  });

  test('was paid by a payout of which more comes back than was sent: the rest is owed', async () => {
    await server.cancelled(await server.paidStay(host, { checkIn: '2027-06-01' }), 15_000);
    const stay = await paidOut(40_000);
    await server.earn(stay, 0);
    await server.runJobs();
    expect(await server.transfersTo(account)).toMatchObject([{ amount: 25_000, amount_reversed: 25_000 }]);
    expect(await server.balance(host)).toMatchObject([{ paid: eur(15_000 - 15_000), owed: eur(15_000) }]);
    await server.agree(host);
  });
});
