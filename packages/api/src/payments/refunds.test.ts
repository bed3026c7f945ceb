import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PaymentServer, startPaymentServer } from '../../test/payment-server.ts';
import { transaction } from '../platform/context.ts';
import { orderRefund } from './service/order-refund.ts';
import { listPaymentRefunds, moneyOf, referencesOf } from './service/read-payments.ts';
import { sweep } from './service/sweep.ts';

let server: PaymentServer;
beforeAll(async () => {
  server = await startPaymentServer();
});
afterAll(() => server.stop());
beforeEach(() => server.control('webhooks', {}));

const FEE = 610;
const DISPUTE_FEE = 1_500;
const paid = async (method = 'pm_card_visa', amount?: number) => {
  const reference = await server.open(amount);
  await server.pay(reference, method);
  await server.settle();
  return reference;
};
const giveBack = (reference: string, amount: number) =>
  transaction(server.ctx, (tx) => orderRefund(server.ctx, tx, { reference, amount }));
const statuses = async (reference: string) =>
  (await listPaymentRefunds(server.db, reference)).map(({ status }) => status);
const chargeOf = async (reference: string) => (await server.rows(reference))[0]!.stripe_charge_id!;
const refundsAtStripe = async (reference: string) =>
  (await server.stripe.refunds.list({ charge: await chargeOf(reference) })).data;

describe('money given back', () => {
  test('is told at once, given back at Stripe once, and booked', async () => {
    const reference = await paid();
    await giveBack(reference, 7_000);
    expect(await server.read(reference)).toMatchObject({ refunded: 7_000 });
    expect(await moneyOf(server.db, reference)).toEqual({
      refunded: 7_000,
      failed: 0,
      lost: 0,
      openDispute: false,
    });
    await server.runJobs(3);
    await server.settle();
    expect(await statuses(reference)).toEqual(['succeeded']);
    expect((await refundsAtStripe(reference)).map(({ amount }) => amount)).toEqual([7_000]);
    expect(await server.ledger(reference)).toEqual({
      stripeBalance: 13_000 - FEE,
      guestPayments: -20_000,
      stripeFees: FEE,
      refunds: 7_000,
    });
    const ids = (await server.rows(reference)).map(({ id }) => id);
    expect(await referencesOf(server.db, [...ids, ...ids])).toEqual([reference]);
  });

  test('is never more than was paid', async () => {
    const reference = await paid();
    await giveBack(reference, 15_000);
    await expect(giveBack(reference, 5_001)).rejects.toThrow(RangeError);
    await expect(giveBack(reference, -1)).rejects.toThrow(RangeError);
    expect(await server.read(reference)).toMatchObject({ refunded: 15_000 });
    await giveBack(reference, 5_000);
    await server.settle();
    expect(await statuses(reference)).toEqual(['succeeded', 'succeeded']);
  });

  test('and the answer of Stripe is lost: the job finds that it was made', async () => {
    const reference = await paid();
    await giveBack(reference, 7_000);
    await server.control('webhooks', { paused: true });
    await server.control('faults', { dropNext: 2, 'paths[0]': '/v1/refunds' });
    expect(await server.runJobs()).toHaveLength(1);
    server.clock.aheadMs += 24 * 3_600_000;
    expect(await server.runJobs()).toEqual([]);
    expect(await statuses(reference)).toEqual(['succeeded']);
    expect(await refundsAtStripe(reference)).toHaveLength(1);
    server.clock.aheadMs = 0;
  });

  test('that does not arrive comes back to us, and is said', async () => {
    const reference = await paid('pm_card_refundFail');
    await giveBack(reference, 7_000);
    await server.settle();
    const [refund] = await refundsAtStripe(reference);
    if (refund?.status !== 'failed') await server.control(`refunds/${refund!.id}/fail`);
    await server.settle();
    expect(await statuses(reference)).toEqual(['failed']);
    expect(await server.read(reference)).toMatchObject({ refunded: 0 });
    expect(await moneyOf(server.db, reference)).toMatchObject({ refunded: 0, failed: 7_000 });
    expect(await server.ledger(reference)).toEqual({
      stripeBalance: 20_000 - FEE,
      guestPayments: -20_000,
      stripeFees: FEE,
    });
    expect(await server.news(reference)).toEqual([
      'payment.captured',
      'payment.refunded',
      'payment.refundFailed',
    ]);
  });

  test('by hand at Stripe counts as well', async () => {
    const reference = await paid();
    await server.stripe.refunds.create({ charge: await chargeOf(reference), amount: 3_000 });
    await server.settle();
    expect(await server.read(reference)).toMatchObject({ refunded: 3_000 });
    expect(await server.ledger(reference)).toMatchObject({ refunds: 3_000 });
    expect(await server.news(reference)).toEqual(['payment.captured', 'payment.refunded']);
  });

  test('in a currency of three decimals is as much as Stripe moves', async () => {
    const reference = await server.open(50_000, 'automatic', 'KWD');
    await server.pay(reference);
    await giveBack(reference, 12_345);
    await giveBack(reference, 5);
    await server.settle();
    expect((await refundsAtStripe(reference)).map(({ amount }) => amount)).toEqual([12_340]);
  });
});

describe('a payment that the payer disputes', () => {
  const dispute = async (reference: string): Promise<string> => {
    const { id } = await server.control(`charges/${await chargeOf(reference)}/dispute`);
    await server.settle();
    return id;
  };
  const decide = async (id: string, won: boolean) => {
    await server.control(`disputes/${id}/decide`, { won });
    await server.settle();
  };

  test('is taken out of the balance with a fee; when it is won, the money comes back', async () => {
    const reference = await paid();
    const id = await dispute(reference);
    expect(await moneyOf(server.db, reference)).toMatchObject({ lost: 0, openDispute: true });
    expect(await server.ledger(reference)).toMatchObject({ disputes: 20_000, stripeFees: FEE + DISPUTE_FEE });
    await decide(id, true);
    expect(await moneyOf(server.db, reference)).toMatchObject({ lost: 0, openDispute: false });
    expect(await server.ledger(reference)).toEqual({
      stripeBalance: 20_000 - FEE - DISPUTE_FEE,
      guestPayments: -20_000,
      stripeFees: FEE + DISPUTE_FEE,
    });
    expect(await server.news(reference)).toEqual([
      'payment.captured',
      'payment.disputed',
      'payment.disputeClosed',
    ]);
  });

  test('and is lost: the payer has it', async () => {
    const reference = await paid();
    await decide(await dispute(reference), false);
    expect(await moneyOf(server.db, reference)).toMatchObject({ lost: 20_000, openDispute: false });
    expect(await server.ledger(reference)).toEqual({
      stripeBalance: -FEE - DISPUTE_FEE,
      guestPayments: -20_000,
      stripeFees: FEE + DISPUTE_FEE,
      refunds: 20_000,
    });
  });

  test.each([
    [true, 'succeeded', 7_000],
    [false, 'cancelled', 0],
  ])('is not given back while it is open (won: %s)', async (won, status, refunded) => {
    const reference = await paid();
    const id = await dispute(reference);
    await giveBack(reference, 7_000);
    await server.settle();
    expect(await statuses(reference)).toEqual(['blocked']);
    await decide(id, won);
    expect(await statuses(reference)).toEqual([status]);
    expect(await server.read(reference)).toMatchObject({ refunded });
  });

  test('and nothing is told of it: the sweep finds out', async () => {
    const reference = await paid();
    const id = await dispute(reference);
    await server.control('webhooks', { paused: true });
    await server.control(`disputes/${id}/decide`, { won: false });
    server.clock.aheadMs += 2 * 3_600_000;
    await sweep(server.ctx);
    await server.runJobs();
    server.clock.aheadMs = 0;
    expect(await moneyOf(server.db, reference)).toMatchObject({ lost: 20_000 });
  });
});

test('at rest the balance of the ledger is that of Stripe, in each currency', async () => {
  await server.control('webhooks', {});
  await server.settle();
  const { available, pending } = await server.stripe.balance.retrieve();
  const sums = Map.groupBy([...available, ...pending], ({ currency }) => currency.toUpperCase());
  const ledger = await server.db
    .selectFrom('ledger_postings')
    .select(({ fn }) => ['currency', fn.sum<number>('amount').as('amount')])
    .where('account', '=', 'stripeBalance')
    .groupBy('currency')
    .execute();
  expect(ledger.length).toBeGreaterThan(0);
  for (const { currency, amount } of ledger)
    expect([currency, sums.get(currency)!.reduce((sum, one) => sum + one.amount, 0)]).toEqual([
      currency,
      Number(amount),
    ]);
});
