import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientOf, type Emulated, KEY, openEmulated, pay, refusalOf } from '../test/emulated.ts';

let emulated: Emulated;
beforeAll(async () => {
  emulated = await openEmulated();
});
afterAll(() => emulated.close());

const raw = (path: string, body?: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${emulated.emulator.url}${path}`, {
    ...(body && { method: 'POST', body: new URLSearchParams(body) }),
    headers: { authorization: `Bearer ${KEY}`, ...headers },
  });
const errorOf = async (response: Response) =>
  ((await response.json()) as { error: Record<string, unknown> }).error;

describe('a key', () => {
  test.each(['sk_test_other', 'sk_live_abc', 'rk_live_abc'])('%s is not taken', async (key) => {
    const refusal = await refusalOf(clientOf(emulated.emulator.port, key).balance.retrieve());
    expect(refusal).toMatchObject({ statusCode: 401, type: 'StripeAuthenticationError' });
    if (key.includes('live')) expect(refusal.message).toContain('live key');
  });

  test('is needed for the control, too', async () => {
    const response = await fetch(`${emulated.emulator.url}/_emulator/state`);
    expect(response.status).toBe(401);
  });

  test('may come by basic authentication', async () => {
    const basic = { authorization: `Basic ${Buffer.from(`${KEY}:`).toString('base64')}` };
    expect((await raw('/v1/balance', undefined, basic)).status).toBe(200);
  });
});

describe('a request', () => {
  test('to nowhere is told so', async () => {
    const response = await raw('/v1/nothing');
    expect(response.status).toBe(404);
    expect((await errorOf(response)).message).toContain('Unrecognized request URL (GET: /v1/nothing)');
    expect(response.headers.get('request-id')).toMatch(/^req_/);
  });

  test.each([
    [{ currency: 'usd' }, 'parameter_missing', 'amount'],
    [{ amount: '500' }, 'parameter_missing', 'currency'],
    [{ amount: 'x', currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
    [{ amount: '5.5', currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
    [{ amount: '', currency: 'usd' }, 'parameter_invalid_empty', 'amount'],
    [{ amount: '500', currency: 'usd', colour: 'red' }, 'parameter_unknown', 'colour'],
    [
      { amount: '500', currency: 'usd', 'payment_method_types[]': 'card' },
      'parameter_unknown',
      'payment_method_types',
    ],
    [{ amount: '500', currency: 'usd', customer: 'cus_none' }, 'resource_missing', 'customer'],
    [{ amount: '500', currency: 'usd', payment_method: 'pm_none' }, 'resource_missing', 'payment_method'],
    [{ amount: '500', currency: 'usd', constructor: 'x' }, 'parameter_unknown', 'constructor'],
    [{ amount: '500', currency: 'usd', '__proto__[x]': 'x' }, 'parameter_unknown', '__proto__'],
  ])('with %j is refused: %s', async (body, code, param) => {
    const response = await raw('/v1/payment_intents', body);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error', code, param });
  });

  test('on behalf of a connected account is refused rather than done for the platform', async () => {
    const refusal = await refusalOf(emulated.stripe.balance.retrieve({}, { stripeAccount: 'acct_1' }));
    expect(refusal.message).toContain('connected accounts');
  });

  test('for what is not there is answered with 404', async () => {
    expect(await refusalOf(emulated.stripe.paymentIntents.retrieve('pi_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });

  test('with the number of a card is refused', async () => {
    const response = await raw('/v1/payment_methods', {
      type: 'card',
      'card[number]': 'any',
      'card[cvc]': 'any',
    });
    expect(response.status).toBe(402);
    expect((await errorOf(response)).message).toContain('generally unsafe');
    const made = await emulated.stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    expect(made.card?.last4).toBe('4242');
  });

  test('expands what it names, in lists, too', async () => {
    const { stripe } = emulated;
    const { id } = await pay(stripe);
    const [charge] = (
      await stripe.charges.list({ payment_intent: id, expand: ['data.payment_intent', 'data.refunds'] })
    ).data;
    expect(charge).toMatchObject({ payment_intent: { id }, refunds: { object: 'list', data: [] } });
    expect((await refusalOf(stripe.paymentIntents.retrieve(id, { expand: ['weather'] }))).message).toContain(
      'cannot be expanded',
    );
    const shown = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge.balance_transaction'] });
    expect(JSON.stringify(shown)).not.toContain('"_"');
  });

  test('for a list is answered page by page, newest first', async () => {
    const own = await openEmulated();
    const ids: string[] = [];
    for (let day = 0; day < 5; day += 1) {
      ids.unshift((await own.stripe.customers.create({ metadata: { day: String(day) } })).id);
      own.pass(86_400);
    }
    const first = await own.stripe.customers.list({ limit: 2 });
    expect(first).toMatchObject({ has_more: true, data: [{ id: ids[0] }, { id: ids[1] }] });
    const last = await own.stripe.customers.list({ limit: 3, starting_after: ids[1]! });
    expect(last).toMatchObject({ has_more: false, data: [{ id: ids[2] }, { id: ids[3] }, { id: ids[4] }] });
    const all = await own.stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(ids);
    const { created } = (await own.stripe.customers.retrieve(ids[2]!)) as Stripe.Customer;
    expect((await own.stripe.customers.list({ created: { gte: created } })).data).toHaveLength(3);
    expect((await own.stripe.customers.list({ created: { gt: created } })).data).toHaveLength(2);
    expect((await own.stripe.customers.list({ created: { lt: created } })).data).toHaveLength(2);
    expect((await own.stripe.customers.list({ created })).data).toHaveLength(1);
    await refusalOf(own.stripe.customers.list({ limit: 101 }));
    await own.close();
  });

  test('keeps metadata, and takes away what is unset', async () => {
    const { stripe } = emulated;
    const { id } = await stripe.customers.create({ metadata: { a: '1', b: '2' }, name: 'x' });
    expect((await stripe.customers.update(id, { metadata: { a: '', c: '3' } })).metadata).toEqual({
      b: '2',
      c: '3',
    });
    expect(await stripe.customers.update(id, { metadata: '', name: '' })).toMatchObject({
      metadata: {},
      name: null,
    });
  });
});

describe('an idempotency key', () => {
  test('is answered once, and then the same again', async () => {
    const { stripe } = emulated;
    const make = () => stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey: 'once' });
    const [first, second] = [await make(), await make()];
    expect(second.id).toBe(first.id);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
  });

  test('is for one request only', async () => {
    const { stripe } = emulated;
    await stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey: 'bound' });
    const other = await refusalOf(
      stripe.customers.create({ email: 'b@example.com' }, { idempotencyKey: 'bound' }),
    );
    expect(other).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' });
  });

  test('keeps refusals of cards and of states, not those of wrong requests', async () => {
    const { stripe } = emulated;
    const key = { idempotencyKey: 'declined' };
    const wanted = {
      amount: 500,
      currency: 'usd',
      confirm: true,
      allowed_payment_method_types: ['card' as const],
    };
    const declined = { ...wanted, payment_method: 'pm_card_chargeDeclined' };
    const once = await refusalOf(stripe.paymentIntents.create(declined, key));
    const twice = await refusalOf(stripe.paymentIntents.create(declined, key));
    expect(twice).toMatchObject({ statusCode: 402, payment_intent: { id: once.payment_intent!.id } });
    await refusalOf(stripe.paymentIntents.create({ ...wanted, amount: 1 }, { idempotencyKey: 'wrong' }));
    await stripe.paymentIntents.create(
      { ...wanted, payment_method: 'pm_card_visa' },
      { idempotencyKey: 'wrong' },
    );
    const destination = await emulated.openAccount();
    const send = { amount: 100, currency: 'nok', destination };
    await refusalOf(stripe.transfers.create(send, { idempotencyKey: 'poor' }));
    await pay(stripe, { currency: 'nok' });
    expect((await refusalOf(stripe.transfers.create(send, { idempotencyKey: 'poor' }))).code).toBe(
      'balance_insufficient',
    );
    await stripe.transfers.create(send, { idempotencyKey: 'richer' });
  });

  test('that is in use has to wait', async () => {
    const { stripe, control } = emulated;
    await control('faults', { delayMs: 300, paths: ['/v1/customers'] });
    const first = stripe.customers.create({}, { idempotencyKey: 'slow' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await refusalOf(stripe.customers.create({}, { idempotencyKey: 'slow' }))).toMatchObject({
      statusCode: 409,
      code: 'idempotency_key_in_use',
    });
    await first;
    await control('faults');
  });
});

describe('faults', () => {
  test('drop an answer of what was done', async () => {
    const { stripe, control } = emulated;
    // The client repeats once by itself what a connection was closed on.
    await control('faults', { dropNext: 2, paths: ['/v1/customers'] });
    const make = () => stripe.customers.create({ email: 'lost@example.com' }, { idempotencyKey: 'lost' });
    expect(await refusalOf(make())).toMatchObject({ type: 'StripeConnectionError' });
    const { id } = await make();
    expect((await stripe.customers.list({ email: 'lost@example.com' })).data.map((one) => one.id)).toEqual([
      id,
    ]);
  });

  test('fail before anything was done', async () => {
    const { stripe, control } = emulated;
    await control('faults', { failNext: 1 });
    expect(await refusalOf(stripe.customers.create({ email: 'none@example.com' }))).toMatchObject({
      statusCode: 500,
    });
    expect((await stripe.customers.list({ email: 'none@example.com' })).data).toEqual([]);
  });

  test('drop all answers, until they are taken back', async () => {
    const { stripe, control } = emulated;
    await control('faults', { dropAnswer: 1 });
    await refusalOf(stripe.balance.retrieve());
    await control('faults');
    await stripe.balance.retrieve();
  });

  test('are settled by retries of the client', async () => {
    const retrying = new Stripe(KEY, {
      host: '127.0.0.1',
      port: emulated.emulator.port,
      protocol: 'http',
      maxNetworkRetries: 2,
    });
    await emulated.control('faults', { dropNext: 1, paths: ['/v1/refunds'] });
    const { id } = await pay(emulated.stripe);
    await retrying.refunds.create({ payment_intent: id, amount: 100 });
    expect((await emulated.stripe.refunds.list({ payment_intent: id })).data).toHaveLength(1);
  });
});

test('the control counts what is there', async () => {
  expect(await emulated.control('state', {}, 'GET')).toMatchObject({
    customer: expect.any(Number),
    delivery: expect.any(Number),
  });
});
