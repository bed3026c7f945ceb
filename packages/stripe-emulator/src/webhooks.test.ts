import { afterEach, expect, test, vi } from 'vitest';
import { type Emulated, openEmulated, openReceiver, pay } from '../test/emulated.ts';
import { API_VERSION } from './execute.ts';

let emulated: Emulated;
afterEach(() => emulated.close());

const customers = (count: number) =>
  Promise.all(Array.from({ length: count }, () => emulated.stripe.customers.create({})));

test('an event tells the object as it was, and can be read afterwards', async () => {
  emulated = await openEmulated();
  const { stripe, receiver } = emulated;
  const { id } = await stripe.paymentIntents.create(
    { amount: 500, currency: 'usd' },
    { idempotencyKey: 'k' },
  );
  await stripe.paymentIntents.cancel(id);
  await emulated.control('webhooks/flush');
  const [created, canceled] = receiver.events;
  expect(created).toMatchObject({
    object: 'event',
    type: 'payment_intent.created',
    api_version: API_VERSION,
    request: { id: expect.stringMatching(/^req_/), idempotency_key: 'k' },
    data: { object: { id, object: 'payment_intent', status: 'requires_payment_method' } },
  });
  expect(canceled).toMatchObject({
    type: 'payment_intent.canceled',
    data: { object: { status: 'canceled' } },
  });
  expect(await stripe.events.retrieve(created!.id)).toMatchObject({ id: created!.id, pending_webhooks: 0 });
  expect(
    (await stripe.events.list({ type: 'payment_intent.canceled' })).data.map((event) => event.id),
  ).toEqual([canceled!.id]);
});

test('the version of the API is that of the client', async () => {
  emulated = await openEmulated();
  const { lastResponse } = await emulated.stripe.balance.retrieve();
  expect(lastResponse.apiVersion).toBe(API_VERSION);
});

test('an event is sent again until it is taken', async () => {
  emulated = await openEmulated();
  emulated.receiver.refuseNext(2);
  await customers(1);
  await vi.waitFor(() => expect(emulated.receiver.events).toHaveLength(1), { timeout: 3000 });
  expect(emulated.receiver.events[0]!.type).toBe('customer.created');
});

test('events come late, twice and in any order when told so', async () => {
  emulated = await openEmulated();
  const { control, receiver } = emulated;
  await control('webhooks', { paused: true, shuffle: true, duplicates: 1 });
  const made = (await customers(20)).map(({ id }) => id);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(receiver.events).toEqual([]);
  expect(await control('webhooks/flush')).toEqual({ delivered: 20, pending: 0 });
  const told = receiver.events.map(({ data }) => (data.object as { id: string }).id);
  expect(told).toHaveLength(40);
  expect([...new Set(told)].toSorted()).toEqual(made.toSorted());
  const ids = receiver.events.map(({ id }) => id);
  expect(new Set(ids).size).toBe(20);
  await control('webhooks', {});
});

test('an endpoint hears what it asked for, signed with its own secret', async () => {
  emulated = await openEmulated();
  const { stripe, heard } = emulated;
  const other = await openReceiver();
  const endpoint = await stripe.webhookEndpoints.create({
    url: other.url,
    enabled_events: ['charge.succeeded'],
  });
  other.trust(endpoint.secret!);
  expect((await stripe.webhookEndpoints.list()).data[0]).not.toHaveProperty('secret');
  await pay(stripe);
  expect(await heard()).toHaveLength(3);
  expect(other.events.map(({ type }) => type)).toEqual(['charge.succeeded']);
  await stripe.webhookEndpoints.del(endpoint.id);
  await pay(stripe);
  await heard();
  expect(other.events).toHaveLength(1);
  await other.close();
});
