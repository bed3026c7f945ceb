import { sql } from 'kysely';
import Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type PaymentServer, startPaymentServer } from '../../test/payment-server.ts';
import { transaction } from '../platform/context.ts';
import { lookForLost } from './service/look-for-lost.ts';
import { openCheckout } from './service/pay-in-browser.ts';
import { moneyOf } from './service/read-payments.ts';

// What Stripe tells too early, too late or not at all.

let server: PaymentServer;
beforeAll(async () => {
  server = await startPaymentServer();
});
afterAll(() => server.stop());
beforeEach(() => server.control('webhooks', {}));

const page = async (reference: string): Promise<string> => {
  await openCheckout(server.ctx, {
    reference,
    title: 'Sunny loft',
    successUrl: 'https://app.example.com/paid',
    cancelUrl: 'https://app.example.com/back',
  });
  return (await server.rows(reference))[0]!.checkout_session_id!;
};

test('a dispute that is heard of before the payment is applied all the same', async () => {
  const reference = await server.open();
  const sessionId = await page(reference);
  await server.control('webhooks', { paused: true });
  await server.control(`checkout/sessions/${sessionId}/pay`, { payment_method: 'pm_card_createDispute' });
  await server.stripe.customers.list();
  const { data } = await server.stripe.events.list({ types: ['charge.dispute.*'], limit: 10 });
  expect(data.length).toBeGreaterThan(0);
  for (const event of data) await server.tell(event);
  expect(await server.runJobs()).toEqual([]);
  await server.settle();
  expect(await moneyOf(server.db, reference)).toMatchObject({ openDispute: true });
  expect(await server.ledger(reference)).toMatchObject({ disputes: 20_000 });
});

test('a dispute of which Stripe never told is found by what it moved', async () => {
  const reference = await server.open();
  await server.pay(reference);
  await server.settle();
  await server.control('webhooks', { paused: true });
  const [payment] = await server.rows(reference);
  const { id } = await server.control(`charges/${payment!.stripe_charge_id}/dispute`);
  await transaction(server.ctx, (tx) => lookForLost(server.ctx, tx, [id, id, 'tr_unknown', 'constructor_x']));
  expect(await server.runJobs()).toEqual([]);
  expect(await moneyOf(server.db, reference)).toMatchObject({ openDispute: true });
  expect(await server.ledger(reference)).toMatchObject({ disputes: 20_000 });
});

test('what others charge in the same account, in whatever currency, is left alone', async () => {
  await server.stripe.paymentIntents.create({
    amount: 5_000,
    currency: 'gel',
    payment_method: 'pm_card_visa',
    confirm: true,
    return_url: 'https://example.test/',
  });
  await server.settle();
  const outcomes = await server.db
    .selectFrom('stripe_events')
    .select('outcome')
    .distinct()
    .where('object_type', '=', 'payment_intent')
    .where(sql<boolean>`payload -> 'data' -> 'object' ->> 'currency' = 'gel'`)
    .execute();
  expect(outcomes).toEqual([{ outcome: 'ignored' }]);
});

test('the page on which was not paid is closed when the payment is made otherwise', async () => {
  const reference = await server.open();
  const sessionId = await page(reference);
  await server.pay(reference);
  await server.settle();
  expect(await server.stripe.checkout.sessions.retrieve(sessionId)).toMatchObject({ status: 'expired' });
});

test('an attempt whose end Stripe does not tell is unknown, not an error', async () => {
  const reference = await server.open();
  await server.pay(reference, 'pm_card_visa_chargeDeclined');
  const [row] = await server.rows(reference);
  await server.control('webhooks', { paused: true });
  await server.stripe.paymentIntents.cancel(row!.stripe_intent_id!);
  const retrieve = vi.spyOn(server.stripe.paymentIntents, 'retrieve');
  retrieve.mockRejectedValueOnce(
    new Stripe.errors.StripeConnectionError({ message: 'gone', type: 'api_error' } as never),
  );
  expect(await server.pay(reference)).toEqual({ outcome: 'unknown' });
  retrieve.mockRestore();
});
