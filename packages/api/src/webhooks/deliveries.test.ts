import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf } from '../../test/caller.ts';
import { answers } from '../../test/receiver.ts';
import {
  createEndpoint,
  deliveriesOf,
  makeNews,
  startWebhookServer,
  titlesOf,
  until,
  type WebhookServer,
} from '../../test/webhook-server.ts';
import { listingCreated } from '../listings/events.ts';
import { transaction } from '../platform/context.ts';
import { emitAll } from '../platform/events/emit.ts';
import { listEvents } from '../platform/events/log.ts';
import { uuidOf } from '../platform/id.ts';
import { fanOut } from './service/fan-out.ts';
import { removeOld } from './service/remove-old.ts';

const DAY_MS = 86_400_000;

let server: WebhookServer;
let anna: Caller;
let annaId: string;
let ben: Caller;
beforeAll(async () => {
  server = await startWebhookServer();
  server.startWorker();
  ({ call: anna, userId: annaId } = await server.person());
  ({ call: ben } = await server.person());
});
afterAll(async () => {
  await server.stop();
  expect(server.breaches).toEqual([]);
});

const remove = (caller: Caller, { path }: { path: string }) => caller('DELETE', path);

describe('a delivery', () => {
  test('is the event, signed so that the library of Standard Webhooks verifies it', async () => {
    const receiver = await server.receiver();
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    const title = await makeNews(anna);
    const [{ headers, body, event }] = (await receiver.gets(1)) as [(typeof receiver.received)[0]];
    expect(new Webhook(endpoint.secret).verify(body, headers)).toEqual(event);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^Sojourn\/\d/),
      'webhook-attempt': '1',
      'webhook-id': event.id,
    });
    const logged = (await listEvents(server.resources.db, { after: event.sequence - 1, limit: 1 }))[0]!;
    expect(event).toMatchObject({
      sequence: logged.sequence,
      type: 'listing.created',
      data: { title, status: 'draft' },
      previous: null,
    });
    const [delivery] = await until(
      () => deliveriesOf(anna, endpoint),
      ([one]) => one?.state === 'delivered',
    );
    expect(delivery).toMatchObject({
      kind: 'event',
      event: { id: event.id, type: 'listing.created', sequence: event.sequence },
      nextAttemptAt: null,
      attempts: [{ status: 204, reason: null, detail: null, answer: null, milliseconds: expect.any(Number) }],
    });
    await remove(anna, endpoint);
  });

  test('comes to who wants the type and may know of the event, and to nobody else', async () => {
    const [all, chosen, others, everybody] = [
      await server.receiver(),
      await server.receiver(),
      await server.receiver(),
      await server.receiver(),
    ];
    const admin = callerOf(server, server.credentials.admin.apiKey);
    const endpoints = [
      [anna, await createEndpoint(anna, { url: all.url })],
      [anna, await createEndpoint(anna, { url: chosen.url, types: ['listing.archived'] })],
      [ben, await createEndpoint(ben, { url: others.url, types: ['*'] })],
      [admin, await createEndpoint(admin, { url: everybody.url, allEvents: true })],
    ] as const;
    const answer = await anna('POST', '/v1/listings', { body: { title: 'Mine', roomType: 'privateRoom' } });
    await anna('POST', `/v1/listings/${answer.body.id}/archive`);
    await all.gets(2);
    await chosen.gets(1);
    await everybody.gets(2);
    expect(chosen.received.map(({ event }) => event.type)).toEqual(['listing.archived']);
    expect(everybody.received.map(({ event }) => event.type).sort()).toEqual([
      'listing.archived',
      'listing.created',
    ]);
    expect(titlesOf(others.received)).not.toContain('Mine');
    // An admin who is one no more hears of everybody no more.
    await server.resources.pool.query("update users set role = 'user' where role = 'admin'");
    await makeNews(anna);
    await all.gets(3);
    await makeNews(anna);
    await all.gets(4);
    expect(everybody.received).toHaveLength(2);
    await server.resources.pool.query("update users set role = 'admin' where email = 'admin@example.test'");
    for (const [caller, endpoint] of endpoints) await remove(caller, endpoint);
  });

  test('is made once, however often the same events are handed out', async () => {
    const receiver = await server.receiver();
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    for (let i = 0; i < 5; i++) await makeNews(anna);
    const received = await receiver.gets(5);
    const first = Math.min(...received.map(({ event }) => event.sequence));
    const events = await listEvents(server.resources.db, { after: first - 1, limit: 100 });
    for (let i = 0; i < 3; i++) await transaction(server.ctx, (db) => fanOut({ ...server.ctx, db }, events));
    expect(await deliveriesOf(anna, endpoint)).toHaveLength(5);
    await makeNews(anna);
    await receiver.gets(6);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(6);
    await remove(anna, endpoint);
  });

  test('carries two signatures after a rotation, until the overlap is over', async () => {
    const receiver = await server.receiver();
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    const rotate = async (body: object) =>
      (await anna('POST', `${endpoint.path}/rotate-secret`, { body })).body.secret as string;
    const newer = await rotate({ overlapHours: 2 });
    await makeNews(anna);
    const [during] = (await receiver.gets(1)) as [(typeof receiver.received)[0]];
    for (const secret of [endpoint.secret, newer])
      expect(new Webhook(secret).verify(during.body, during.headers)).toEqual(during.event);
    server.clock.aheadMs += 2 * 3_600_000;
    await makeNews(anna);
    const after = (await receiver.gets(2))[1]!;
    expect(new Webhook(newer).verify(after.body, after.headers)).toEqual(after.event);
    expect(() => new Webhook(endpoint.secret).verify(after.body, after.headers)).toThrow();
    const newest = await rotate({ overlapHours: 0 });
    await makeNews(anna);
    const last = (await receiver.gets(3))[2]!;
    expect(last.headers['webhook-signature']!.split(' ')).toHaveLength(1);
    expect(new Webhook(newest).verify(last.body, last.headers)).toEqual(last.event);
    await remove(anna, endpoint);
  });
});

describe('a test', () => {
  test('goes the real way, even to a disabled endpoint, and tells what came of it', async () => {
    const receiver = await server.receiver();
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    await anna('PATCH', endpoint.path, { body: { enabled: false } });
    const { status, body } = await anna('POST', `${endpoint.path}/test`);
    expect([status, body.state, body.kind, body.event.type]).toEqual([
      200,
      'delivered',
      'test',
      'webhook.test',
    ]);
    const { headers, body: sent, event } = receiver.received[0]!;
    expect(new Webhook(endpoint.secret).verify(sent, headers)).toEqual(event);
    expect(event).toMatchObject({ id: body.event.id, type: 'webhook.test', sequence: 0 });
    receiver.behaviour = answers(503, 'closed for today');
    const failed = (await anna('POST', `${endpoint.path}/test`)).body;
    expect(failed).toMatchObject({
      state: 'failed',
      nextAttemptAt: null,
      attempts: [{ status: 503, reason: 'http_error', answer: 'closed for today' }],
    });
    expect(await deliveriesOf(anna, endpoint)).toMatchObject([{ id: failed.id }, { id: body.id }]);
    const again = await anna('POST', `${endpoint.path}/deliveries/${body.id}/redeliver`);
    expect([again.status, again.body.code]).toEqual([409, 'webhook_endpoint_disabled']);
    await anna('PATCH', endpoint.path, { body: { enabled: true } });
    const gone = await anna('POST', `${endpoint.path}/deliveries/${body.id}/redeliver`);
    expect([gone.status, gone.body.code]).toEqual([409, 'webhook_event_not_kept']);
    await remove(anna, endpoint);
  });
});

describe('sending again', () => {
  test('one delivery keeps the id of its event', async () => {
    const receiver = await server.receiver();
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    await makeNews(anna);
    await receiver.gets(1);
    const [first] = await until(
      () => deliveriesOf(anna, endpoint, '?state=delivered'),
      ({ length }) => length === 1,
    );
    const { status, body } = await anna('POST', `${endpoint.path}/deliveries/${first.id}/redeliver`);
    expect([status, body.kind, body.state, body.event]).toEqual([202, 'redelivery', 'pending', first.event]);
    expect(body.id).not.toBe(first.id);
    await receiver.gets(2);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    const unknown = await anna('POST', `${endpoint.path}/deliveries/dlv_${'0'.repeat(26)}/redeliver`);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'webhook_delivery_not_found']);
    await remove(anna, endpoint);
  });

  test('a replay brings all events of the owner’s world from a number on, in any amount', async () => {
    const subjectId = randomUUID();
    const audience = [annaId];
    const news = Array.from({ length: 5_500 }, (_, i) => ({
      subjectId,
      audience: i % 2 ? audience : [],
      data: { externalId: '', title: `Replayed ${i}`, status: 'draft' as const, version: 1 },
    }));
    const { newest } = await bounds();
    await transaction(server.ctx, (tx) => emitAll(server.ctx, tx, listingCreated, news));
    await until(bounds, (now) => now.newest >= newest + news.length);
    const receiver = await server.receiver();
    const endpoint = await createEndpoint(anna, { url: receiver.url, types: ['user.*'] });
    const wanted = { fromSequence: newest + 1, types: ['listing.created'] };
    const { status, body } = await anna('POST', `${endpoint.path}/replay`, { body: wanted });
    expect([status, body]).toEqual([202, { ...wanted, toSequence: expect.any(Number) }]);
    const received = await receiver.gets(2_750, 60_000);
    const expected = news.filter((_, i) => i % 2).map(({ data }) => data.title);
    expect(titlesOf(received).sort()).toEqual(expected.sort());
    expect(new Set(received.map(({ id }) => id)).size).toBe(2_750);
    const kinds = new Set((await deliveriesOf(anna, endpoint, '?limit=100')).map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['replay']));
    const few = await anna('POST', `${endpoint.path}/replay`, { body: { fromSequence: body.toSequence } });
    expect(few.body).toMatchObject({ types: ['user.*'] });
    await remove(anna, endpoint);
  }, 90_000);
});

const bounds = async () => {
  const { rows } = await server.resources.pool.query<{ newest: number }>(
    'select sequence as newest from event_head',
  );
  return rows[0]!;
};

describe('the log', () => {
  test('forgets deliveries 30 days after they ended, and all of an endpoint that was deleted', async () => {
    const receiver = await server.receiver();
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    const deleted = await createEndpoint(anna, { url: receiver.url });
    await makeNews(anna);
    await receiver.gets(2);
    await until(
      () => deliveriesOf(anna, endpoint, '?state=delivered'),
      ({ length }) => length === 1,
    );
    await remove(anna, deleted);
    const { signal } = new AbortController();
    await removeOld(server.ctx, signal);
    const kept = (id: string) =>
      server.resources.pool
        .query('select 1 from webhook_endpoints where id = $1', [uuidOf('whk', id)])
        .then(({ rows }) => rows.length);
    expect([await kept(endpoint.id), await kept(deleted.id)]).toEqual([1, 0]);
    expect(await deliveriesOf(anna, endpoint)).toHaveLength(1);
    server.clock.aheadMs += 30 * DAY_MS;
    await removeOld(server.ctx, signal);
    const { rows } = await server.resources.pool.query(
      'select 1 from webhook_deliveries where endpoint_id = $1',
      [uuidOf('whk', endpoint.id)],
    );
    expect(rows).toEqual([]);
  });
});
