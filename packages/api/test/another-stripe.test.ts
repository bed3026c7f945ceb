import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancelIntent } from '../src/payments/service/cancel-intent.ts';
import { clientSecretOf, closeCheckout, openCheckout } from '../src/payments/service/pay-in-browser.ts';
import { sweep } from '../src/payments/service/sweep.ts';
import { voidPayments } from '../src/payments/service/void-payments.ts';
import { transaction } from '../src/platform/context.ts';
import { publicId } from '../src/platform/id.ts';
import { type PaymentServer, startPaymentServer } from './payment-server.ts';
import { WEBHOOK_SECRET } from './server.ts';
import { until } from './until.ts';

// A double of Stripe that others wrote (the package `emulate`), reached by STRIPE_API_BASE as Stripe itself would be. It
// knows intents, customers and pages, and signs what it tells. What it does not know, and what is therefore seen only
// with the emulator of this repository: balance transactions (so that no money ever counts as having arrived), holds
// (`capture_method`), declines, 3-D Secure, refunds, disputes, transfers, accounts, idempotency keys, client secrets,
// prices of pages that are told with them, and ids of events.

let server: PaymentServer;
let other: Emulator;
beforeAll(async () => {
  const port = await freePort();
  server = await startPaymentServer({ STRIPE_API_BASE: `http://127.0.0.1:${port}` });
  const webhooks = [{ url: `${server.url}/v1/stripe/webhook`, events: ['*'], secret: WEBHOOK_SECRET }];
  other = await createEmulator({ service: 'stripe', port, seed: { stripe: { webhooks } } });
});
afterAll(async () => {
  await other.close();
  await server.stop();
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const intentOf = async (reference: string) => {
  const [row] = await server.rows(reference);
  return server.stripe.paymentIntents.retrieve(row!.stripe_intent_id!);
};

test('an intent is made for a customer of ours, and confirmed: charged once, though the money is not there yet', async () => {
  const reference = await server.open(20_000);
  expect(await server.pay(reference)).toEqual({ outcome: 'unknown' });
  const [row] = await server.rows(reference);
  const { data: customers } = await server.stripe.customers.list();
  const ours = customers.filter(({ metadata }) => metadata.user === publicId('usr', server.payerId));
  expect(ours).toHaveLength(1);
  expect(await intentOf(reference)).toMatchObject({
    status: 'succeeded',
    amount: 20_000,
    currency: 'eur',
    customer: ours[0]!.id,
    payment_method: 'pm_card_visa',
    metadata: { payment: publicId('pay', row!.id), booking: publicId('bkg', reference) },
  });
  server.clock.aheadMs += 3 * 60_000;
  await sweep(server.ctx);
  await server.runJobs();
  server.clock.aheadMs = 0;
  expect((await server.stripe.charges.list()).data.map(({ amount }) => amount)).toEqual([20_000]);
  expect(await server.read(reference)).toMatchObject({ status: 'processing', captured: 0 });
  expect(await server.ledger(reference)).toEqual({});
});

test('an intent that is given up is cancelled, and cancelling it again is the same', async () => {
  const reference = await server.open(20_000);
  await clientSecretOf(server.ctx, reference);
  await transaction(server.ctx, (tx) => voidPayments(server.ctx, tx, [reference]));
  await server.runJobs();
  const { id, status } = await intentOf(reference);
  expect(status).toBe('canceled');
  await cancelIntent(server.ctx, id);
  expect(await server.read(reference)).toMatchObject({ status: 'cancelled' });
});

test('a payment that is confirmed when its intent is cancelled already is declined', async () => {
  const reference = await server.open(20_000);
  await clientSecretOf(server.ctx, reference);
  await server.stripe.paymentIntents.cancel((await intentOf(reference)).id);
  expect(await server.pay(reference)).toEqual({ outcome: 'declined', reason: 'cancelled' });
  expect(await server.read(reference)).toMatchObject({ status: 'cancelled' });
});

test('a page with a price of its own is refused there, as a problem; a page that is there is closed', async () => {
  const reference = await server.open(20_000);
  const [successUrl, cancelUrl] = ['https://app.example/paid', 'https://app.example/back'];
  await expect(
    openCheckout(server.ctx, { reference, title: 'Sunny loft', successUrl, cancelUrl }),
  ).rejects.toMatchObject({ definition: { code: 'payment_not_possible' } });
  const { id: product } = await server.stripe.products.create({ name: 'Sunny loft' });
  const { id: price } = await server.stripe.prices.create({ product, currency: 'eur', unit_amount: 20_000 });
  const session = await server.stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: successUrl,
    line_items: [{ price, quantity: 1 }],
  });
  await closeCheckout(server.ctx, session.id);
  await closeCheckout(server.ctx, session.id);
  expect((await server.stripe.checkout.sessions.retrieve(session.id)).status).toBe('expired');
});

test('what it tells is signed well; it has no id, and is refused as no event', async () => {
  const seen: { status: number; code: string }[] = [];
  const relay = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', async () => {
      const answer = await fetch(`${server.url}/v1/stripe/webhook`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Stripe-Signature': String(req.headers['stripe-signature']),
        },
        body: Buffer.concat(chunks),
      });
      seen.push({ status: answer.status, code: ((await answer.json()) as { code: string }).code });
      res.end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => relay.once('listening', resolve));
  const url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
  const telling = await createEmulator({
    service: 'stripe',
    port: await freePort(),
    seed: { stripe: { webhooks: [{ url, events: ['*'], secret: WEBHOOK_SECRET }] } },
  });
  await fetch(`${telling.url}/v1/customers`, {
    method: 'POST',
    headers: { Authorization: 'Bearer sk_test_x' },
  });
  await until('it told something', () => seen.length > 0);
  await telling.close();
  relay.close();
  expect(seen[0]).toEqual({ status: 400, code: 'malformed_request' });
});
