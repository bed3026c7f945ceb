import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PaymentServer, startPaymentServer } from '../../test/payment-server.ts';
import { until } from '../../test/until.ts';
import { type Context, transaction } from '../platform/context.ts';
import { openStripe } from '../platform/stripe/client.ts';
import { startWorker } from '../worker.ts';
import { capturePayment } from './service/capture-payment.ts';
import { clientSecretOf, openCheckout } from './service/pay-in-browser.ts';
import { finishAttempt, settleAttempt } from './service/settle-attempt.ts';
import { sweep } from './service/sweep.ts';
import { voidPayments } from './service/void-payments.ts';

let server: PaymentServer;
beforeAll(async () => {
  server = await startPaymentServer();
});
afterAll(() => server.stop());
beforeEach(() => server.control('webhooks', {}));

const checkout = (reference: string) =>
  openCheckout(server.ctx, {
    reference,
    title: 'Sunny loft',
    successUrl: 'https://app.example/paid',
    cancelUrl: 'https://app.example/back',
  });
const sessionOf = async (reference: string) => (await server.rows(reference))[0]!.checkout_session_id!;
/** 2.9 % and 30 of 20,000. */
const FEE = 610;
const TAKEN = { stripeBalance: 20_000 - FEE, guestPayments: -20_000, stripeFees: FEE };

describe('what is given up', () => {
  const giveUp = (reference: string) =>
    transaction(server.ctx, (tx) => voidPayments(server.ctx, tx, [reference]));

  test('lets go of what was reserved, and closes the page', async () => {
    const reserved = await server.open(20_000, 'manual');
    await server.pay(reserved);
    const paged = await server.open();
    await checkout(paged);
    await giveUp(reserved);
    await giveUp(paged);
    await server.settle();
    expect(await server.read(reserved)).toMatchObject({ status: 'cancelled' });
    expect((await server.atStripe(reserved)).intents.map(({ status }) => status)).toEqual(['canceled']);
    expect((await server.stripe.checkout.sessions.retrieve(await sessionOf(paged))).status).toBe('expired');
    expect(await server.news(reserved)).toEqual(['payment.authorised', 'payment.voided']);
    expect(await server.news(paged)).toEqual(['payment.voided']);
  });

  test('a moment too late has succeeded all the same', async () => {
    const reference = await server.open();
    const secret = await clientSecretOf(server.ctx, reference);
    await server.control('webhooks', { paused: true });
    await server.stripe.paymentIntents.confirm(secret!.split('_secret_')[0]!, {
      payment_method: 'pm_card_visa',
      return_url: 'https://app.example',
    });
    await giveUp(reference);
    await server.runJobs();
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', captured: 20_000 });
    expect(await server.news(reference)).toEqual(['payment.voided', 'payment.captured']);
  });

  test('before the attempt was made is not charged', async () => {
    const reference = await server.open();
    const attempt = await server.start(reference, 'pm_card_visa');
    await giveUp(reference);
    expect(await settleAttempt(server.ctx, attempt)).toEqual({ outcome: 'declined', reason: 'cancelled' });
    expect((await server.atStripe(reference)).charges).toEqual([]);
  });

  test('a hold that ended before it was captured: the payment is given up and says why', async () => {
    const reference = await server.open(20_000, 'manual');
    await server.pay(reference);
    await server.control('webhooks', { paused: true });
    await server.stripe.paymentIntents.cancel((await server.rows(reference))[0]!.stripe_intent_id!);
    await transaction(server.ctx, (tx) => capturePayment(server.ctx, tx, reference));
    await server.runJobs();
    expect(await server.read(reference)).toMatchObject({ status: 'cancelled', failure: 'hold_expired' });
    expect(await server.news(reference)).toEqual(['payment.authorised', 'payment.failed']);
  });
});

describe('when Stripe acts and its answer is lost', () => {
  test.each([
    ['to make the intent', false],
    ['to confirm it', true],
  ])('%s, nothing is known at first, then the job finds out: one intent, one charge', async (_what, made) => {
    const reference = await server.open();
    if (made) await clientSecretOf(server.ctx, reference);
    await server.control('webhooks', { paused: true });
    await server.control('faults', { dropNext: 2, 'paths[0]': '/v1/payment_intents' });
    expect(await server.pay(reference)).toEqual({ outcome: 'unknown' });
    expect(await server.read(reference)).toMatchObject({ status: 'processing' });
    server.clock.aheadMs += 31_000;
    expect(await server.runJobs()).toEqual([]);
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded', captured: 20_000 });
    const { intents, charges } = await server.atStripe(reference);
    expect([intents.length, charges.length]).toEqual([1, 1]);
  });

  test('and nothing is ever told: the sweep asks', async () => {
    const reference = await server.open();
    const secret = await clientSecretOf(server.ctx, reference);
    await server.control('webhooks', { paused: true });
    await server.stripe.paymentIntents.confirm(secret!.split('_secret_')[0]!, {
      payment_method: 'pm_card_visa',
      return_url: 'https://app.example',
    });
    server.clock.aheadMs += 3 * 60_000;
    await sweep(server.ctx);
    await server.runJobs();
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded' });
  });

  test('and a job is at it already: the sweep leaves it to that, and asks again when it is dead', async () => {
    const reference = await server.open();
    const attempt = await server.start(reference, 'pm_card_visa');
    const jobs = () => server.db.selectFrom('jobs').select('id').where('key', '=', attempt).execute();
    const mark = (set: { dispatched_at: Date } | { dead_at: Date }) =>
      server.db.updateTable('jobs').set(set).where('key', '=', attempt).execute();
    await mark({ dispatched_at: server.clock.now() });
    server.clock.aheadMs += 3 * 60_000;
    await sweep(server.ctx);
    expect(await jobs()).toHaveLength(1);
    await mark({ dead_at: server.clock.now() });
    await sweep(server.ctx);
    expect(await jobs()).toHaveLength(2);
    await server.runJobs();
    expect(await server.read(reference)).toMatchObject({ status: 'succeeded' });
  });

  test('and jobs run twice and side by side: all is there once', async () => {
    const reference = await server.open(20_000, 'manual');
    await server.start(reference, 'pm_card_visa');
    server.clock.aheadMs += 31_000;
    await server.runJobs(3);
    await transaction(server.ctx, (tx) => capturePayment(server.ctx, tx, reference));
    await server.runJobs(3);
    await server.settle();
    expect(await server.ledger(reference)).toEqual(TAKEN);
    expect(await server.news(reference)).toEqual(['payment.authorised', 'payment.captured']);
    expect((await server.atStripe(reference)).charges).toHaveLength(1);
  });
});

test('a server whose key Stripe does not take says so in its log, without any secret, and goes on trying', async () => {
  const logged: unknown[] = [];
  const note = (line: unknown, text: string) => void logged.push(line, text);
  const ctx: Context = {
    ...server.ctx,
    log: { ...server.ctx.log, warn: note, error: note } as unknown as Context['log'],
    stripe: openStripe({
      secretKey: 'sk_test_of_somebody',
      webhookSecret: undefined,
      apiBase: server.emulator.url,
    }),
  };
  const reference = await server.open();
  const attempt = await server.start(reference, 'pm_card_visa');
  expect(await settleAttempt(ctx, attempt)).toEqual({ outcome: 'unknown' });
  await expect(finishAttempt(ctx, attempt)).rejects.toThrow('not said yet');
  await expect(clientSecretOf(ctx, await server.open())).rejects.toMatchObject({
    definition: { code: 'payments_unavailable' },
  });
  const text = logged.map((line) =>
    JSON.stringify(line, (_, value) => (value instanceof Error ? value.stack : value)),
  );
  expect(text.join()).toContain('STRIPE_SECRET_KEY');
  expect(text.join()).not.toMatch(/_secret_|sk_test|whsec_/);
  expect(await settleAttempt(server.ctx, attempt)).toEqual({ outcome: 'succeeded' });
});

test('with the workers of the server all of it happens by itself', async () => {
  const worker = startWorker(server.resources);
  try {
    const reference = await server.open(20_000, 'manual');
    await server.pay(reference, 'pm_card_threeDSecure2Required');
    const [row] = await server.rows(reference);
    await server.control(`payment_intents/${row!.stripe_intent_id}/authenticate`, { succeed: true });
    await until('it is reserved', async () => (await server.read(reference)).status === 'requiresCapture');
    await transaction(server.ctx, (tx) => capturePayment(server.ctx, tx, reference));
    await until('it is taken', async () => (await server.read(reference)).status === 'succeeded');
    expect(await server.ledger(reference)).toEqual(TAKEN);
  } finally {
    await worker.close();
  }
});
