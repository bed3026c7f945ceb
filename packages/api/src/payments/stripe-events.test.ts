import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type PaymentServer, startPaymentServer } from '../../test/payment-server.ts';
import { transaction } from '../platform/context.ts';
import { orderRefund } from './service/order-refund.ts';
import { forgetStripeEvents } from './service/sweep.ts';

/** Events of Stripe as other versions of its API tell them (see the README beside them for where they are from). */
const OLD_EVENTS = new URL('../../../../../shared/data/stripe/events/', import.meta.url);
const DAY_MS = 86_400_000;

let server: PaymentServer;
beforeAll(async () => {
  server = await startPaymentServer();
});
afterAll(() => server.stop());
beforeEach(() => server.control('webhooks', {}));

/** An event as Stripe tells it. */
const eventOf = (type: string, object: Record<string, unknown>, over: Record<string, unknown> = {}) => ({
  id: `evt_${randomUUID()}`,
  object: 'event',
  api_version: '2026-10-28.endive',
  created: 1_800_000_000,
  livemode: false,
  pending_webhooks: 1,
  request: null,
  type,
  data: { object },
  ...over,
});
const kept = (id: string) =>
  server.db.selectFrom('stripe_events').selectAll().where('id', '=', id).executeTakeFirst();
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code];

describe('what Stripe tells', () => {
  test('is believed only with a signature of its own, of this minute, over these very bytes', async () => {
    const event = eventOf('payment_intent.succeeded', { object: 'payment_intent', id: 'pi_1' });
    const now = Math.floor(Date.now() / 1_000);
    expect(await codeOf(await server.tell(event, { secret: 'whsec_of_somebody' }))).toEqual([
      400,
      'invalid_signature',
    ]);
    expect(await codeOf(await server.tell(event, { timestamp: now - 301 }))).toEqual([
      400,
      'invalid_signature',
    ]);
    const unsigned = await fetch(`${server.url}/v1/stripe/webhook`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(event),
    });
    expect(await codeOf(unsigned)).toEqual([400, 'invalid_signature']);
    const payload = JSON.stringify(event);
    const header = server.stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_of_the_tests' });
    const forged = await fetch(`${server.url}/v1/stripe/webhook`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Stripe-Signature': header },
      body: payload.replace('pi_1', 'pi_2'),
    });
    expect(await codeOf(forged)).toEqual([400, 'invalid_signature']);
    expect(await kept(event.id)).toBeUndefined();
    expect((await server.tell(event, { timestamp: now - 290 })).status).toBe(200);
  });

  test('may be signed by any of several endpoints', async () => {
    const { stripe } = server.resources;
    const one = stripe.webhookSecret;
    stripe.webhookSecret = 'whsec_of_the_first,whsec_of_the_second';
    const told = async (secret: string) =>
      (await server.tell(eventOf('account.updated', { object: 'account', id: 'acct_1' }), { secret })).status;
    try {
      expect(await told('whsec_of_the_first')).toBe(200);
      expect(await told('whsec_of_the_second')).toBe(200);
      expect(await told('whsec_of_the_first,whsec_of_the_second')).toBe(400);
    } finally {
      stripe.webhookSecret = one;
    }
  });

  test('is refused when it is of the other mode, no event, or too large', async () => {
    const live = eventOf(
      'payment_intent.succeeded',
      { object: 'payment_intent', id: 'pi_1' },
      { livemode: true },
    );
    expect(await codeOf(await server.tell(live))).toEqual([400, 'wrong_stripe_mode']);
    for (const text of ['null', '[]', '"evt"', '{"id":"evt_1"}', 'not json', '{"id":1,"type":2,"data":null}'])
      expect([text, ...(await codeOf(await server.tell(text)))]).toEqual([text, 400, 'malformed_request']);
    const large = eventOf('payment_intent.succeeded', {
      object: 'payment_intent',
      pad: 'x'.repeat(1_100_000),
    });
    expect(await codeOf(await server.tell(large))).toEqual([413, 'body_too_large']);
    expect(server.breaches).toEqual([]);
  });

  test('is kept without the secret with which a browser pays', async () => {
    const object = {
      object: 'payment_intent',
      id: 'pi_1',
      client_secret: 'pi_1_secret_x',
      nested: { client_secret: 'y' },
    };
    const event = eventOf('payment_intent.created', object);
    await server.tell(event);
    const row = await kept(event.id);
    expect(row?.payload).toMatchObject({ data: { object: { id: 'pi_1' } } });
    expect(JSON.stringify(row?.payload)).not.toContain('secret');
  });

  test('in the words of any version of its API is taken; what is not ours is left alone', async () => {
    const files = readdirSync(OLD_EVENTS).filter((name) => name.endsWith('.json'));
    expect(files).toHaveLength(22);
    for (const file of files) {
      const event = JSON.parse(readFileSync(new URL(file, OLD_EVENTS), 'utf8')) as Stripe.Event;
      const own = { ...event, id: `evt_${file}` };
      expect([file, (await server.tell(own)).status, (await server.tell(event)).status]).toEqual([
        file,
        200,
        200,
      ]);
      expect((await kept(own.id))?.type).toBe(event.type);
    }
    await server.settle();
    const rows = await server.db.selectFrom('stripe_events').select(['id', 'type', 'outcome']).execute();
    const old = rows.filter(({ id }) => id.endsWith('.json'));
    const taken = old.filter(({ outcome }) => outcome === 'handedOn').map(({ type }) => type);
    expect(taken.sort()).toEqual([
      'account.external_account.updated',
      'account.updated',
      'transfer.created',
      'transfer.updated',
    ]);
    expect(old.filter(({ outcome }) => outcome === 'ignored')).toHaveLength(18);
    const handedOn = await server.db
      .selectFrom('jobs')
      .select('payload')
      .where('name', '=', 'payouts.applyStripeEvent')
      .execute();
    expect(handedOn.length).toBeGreaterThanOrEqual(4);
  });

  test('twice, shuffled and late leaves everything as it should be, and every event once', async () => {
    const references: string[] = [];
    await server.control('webhooks', { paused: true });
    for (const [capture, method] of [
      ['automatic', 'pm_card_visa'],
      ['manual', 'pm_card_visa'],
      ['automatic', 'pm_card_chargeDeclined'],
      ['automatic', 'pm_card_visa'],
    ] as const) {
      const reference = await server.open(20_000, capture);
      await server.pay(reference, method);
      references.push(reference);
    }
    const [paid, reserved, declined, refunded] = references as [string, string, string, string];
    await transaction(server.ctx, (tx) =>
      orderRefund(server.ctx, tx, { reference: refunded, amount: 7_000 }),
    );
    await server.runJobs();
    const before = await Promise.all(references.map((reference) => server.read(reference)));
    const books = await Promise.all(references.map((reference) => server.ledger(reference)));
    await server.control('webhooks', { duplicates: 2, shuffle: true });
    await server.settle();
    expect(await Promise.all(references.map((reference) => server.read(reference)))).toEqual(before);
    expect(await Promise.all(references.map((reference) => server.ledger(reference)))).toEqual(books);
    expect(await server.news(paid)).toEqual(['payment.captured']);
    expect(await server.news(reserved)).toEqual(['payment.authorised']);
    expect(await server.news(declined)).toEqual(['payment.failed']);
    expect(await server.news(refunded)).toEqual(['payment.captured', 'payment.refunded']);
    // Replayed by hand, signed anew.
    const rows = await server.db.selectFrom('stripe_events').selectAll().execute();
    for (const { payload } of rows.slice(-20)) expect((await server.tell(payload)).status).toBe(200);
    await server.settle();
    const again = await server.db.selectFrom('stripe_events').select('id').execute();
    expect(again).toHaveLength(rows.length);
    expect(await server.news(paid)).toEqual(['payment.captured']);
  });

  test('of a connected account is no payment of ours', async () => {
    const event = eventOf(
      'payment_intent.succeeded',
      { object: 'payment_intent', id: 'pi_9' },
      { account: 'acct_1' },
    );
    await server.tell(event);
    expect(await kept(event.id)).toMatchObject({ outcome: 'ignored', account: 'acct_1' });
  });

  test('is forgotten after 90 days', async () => {
    const event = eventOf('balance.available', { object: 'balance' });
    await server.tell(event);
    const { signal } = new AbortController();
    server.clock.aheadMs += 89 * DAY_MS;
    await forgetStripeEvents(server.ctx, signal);
    expect(await kept(event.id)).toBeDefined();
    server.clock.aheadMs += 2 * DAY_MS;
    await forgetStripeEvents(server.ctx, signal);
    expect(await kept(event.id)).toBeUndefined();
    server.clock.aheadMs = 0;
  });
});

test('a server without the secret of its endpoint believes nobody', async () => {
  const bare = await startPaymentServer({ STRIPE_WEBHOOK_SECRET: '' });
  try {
    const event = eventOf('payment_intent.succeeded', { object: 'payment_intent', id: 'pi_1' });
    expect(await codeOf(await bare.tell(event))).toEqual([503, 'payments_not_configured']);
  } finally {
    await bare.stop();
  }
});
