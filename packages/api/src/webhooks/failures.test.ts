import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../test/caller.ts';
import { answers, type Behaviour, hangs, hangsUp, neverEnds } from '../../test/receiver.ts';
import {
  createEndpoint,
  deliveriesOf,
  type Json,
  makeMuchNews,
  makeNews,
  startWebhookServer,
  type TestEndpoint,
  titlesOf,
  until,
  type WebhookServer,
} from '../../test/webhook-server.ts';
import { listEvents } from '../platform/events/log.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let server: WebhookServer;
let anna: Caller;
let annaId: string;
beforeAll(async () => {
  server = await startWebhookServer();
  server.startWorker();
});
beforeEach(async () => {
  ({ call: anna, userId: annaId } = await server.person());
});
afterAll(async () => {
  await server.stop();
  expect(server.breaches).toEqual([]);
});

const newestOf = async (endpoint: TestEndpoint): Promise<Json> => (await deliveriesOf(anna, endpoint))[0];
const attemptsOf = (endpoint: TestEndpoint, count: number, withinMs?: number) =>
  until(
    () => newestOf(endpoint),
    (newest) => newest?.attempts.length >= count,
    withinMs,
  );
const read = async ({ path }: TestEndpoint): Promise<Json> => (await anna('GET', path)).body;

describe('a receiver that does not receive', () => {
  test.each<[string, Behaviour, object, number?]>([
    [
      'answers 500',
      answers(500, '<h1>Oops\u001b[31m</h1>'),
      { status: 500, reason: 'http_error', answer: '<h1>Oops\ufffd[31m</h1>' },
    ],
    [
      'redirects',
      answers(302, 'over there', { Location: 'http://127.0.0.1:9/' }),
      { status: 302, reason: 'redirect', detail: expect.stringContaining('redirects are not followed') },
    ],
    ['closes the socket', hangsUp, { status: null, reason: 'connection_closed', answer: null }],
    ['hangs', hangs, { status: null, reason: 'timeout', answer: null }, 25_000],
  ])(
    'because it %s has it told in the log, and others get theirs meanwhile',
    async (_what, behaviour, logged, withinMs = 15_000) => {
      const [bad, good] = [await server.receiver(behaviour), await server.receiver()];
      const endpoint = await createEndpoint(anna, { url: bad.url });
      await createEndpoint(anna, { url: good.url });
      await makeNews(anna);
      await bad.gets(1);
      for (let i = 0; i < 20; i++) await makeNews(anna);
      await good.gets(21, 10_000);
      const first = await until(
        () => deliveriesOf(anna, endpoint, '?limit=100'),
        (all) => all.some(({ attempts }) => attempts.length > 0),
        withinMs,
      );
      const tried = first.find(({ attempts }) => attempts.length > 0);
      expect(tried).toMatchObject({ state: 'pending', endedAt: null, attempts: [logged] });
      const [{ at, milliseconds }] = tried.attempts;
      const waits = Date.parse(tried.nextAttemptAt) - Date.parse(at) - milliseconds;
      expect(waits).toBeGreaterThanOrEqual(5_000 - 50);
      expect(waits).toBeLessThan(5_500 + 2_000);
      await anna('DELETE', endpoint.path);
    },
    40_000,
  );

  test('whose answer has no end counts by its status, and the rest is not read', async () => {
    const endless = await server.receiver(neverEnds);
    const endpoint = await createEndpoint(anna, { url: endless.url });
    await makeNews(anna);
    const { state, attempts } = await attemptsOf(endpoint, 1);
    expect([state, attempts[0].status]).toEqual(['delivered', 200]);
  });

  test('is tried by the schedule, ten times in all, each with the id of the event', async () => {
    const receiver = await server.receiver(answers(500));
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    await makeNews(anna);
    const waits = [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS];
    for (const [index, waitMs] of [...waits, 14 * HOUR_MS, 20 * HOUR_MS, 24 * HOUR_MS].entries()) {
      const { attempts, nextAttemptAt, state } = await attemptsOf(endpoint, index + 1);
      expect(state).toBe('pending');
      const waited = Date.parse(nextAttemptAt) - Date.parse(attempts.at(-1).at);
      expect(waited / waitMs).toBeGreaterThanOrEqual(1);
      expect(waited).toBeLessThan(waitMs * 1.1 + 2_000);
      expect(receiver.received).toHaveLength(index + 1);
      server.clock.aheadMs += waited;
    }
    const last = await attemptsOf(endpoint, 10);
    expect(last).toMatchObject({ state: 'failed', nextAttemptAt: null, endedAt: expect.any(String) });
    expect(receiver.received.map(({ headers }) => headers['webhook-attempt'])).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index + 1)),
    );
    expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set([last.event.id]));
  }, 60_000);

  test('gets but a few of what waits; recovered, it gets all of it once', async () => {
    const receiver = await server.receiver(answers(500));
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    const titles = await makeMuchNews(server, annaId, 60);
    await receiver.gets(5);
    await wait(3_000);
    expect(receiver.received.length).toBeLessThan(25);
    const waiting = await deliveriesOf(anna, endpoint, '?limit=100&state=pending');
    expect(waiting).toHaveLength(60);
    expect(waiting.filter(({ attempts }) => attempts.length === 0).length).toBeGreaterThan(35);
    expect((await read(endpoint)).failingSince).not.toBeNull();
    receiver.received = [];
    receiver.behaviour = answers(204);
    server.clock.aheadMs += HOUR_MS;
    await receiver.gets(60);
    expect(titlesOf(receiver.received).sort()).toEqual(titles.sort());
    await until(
      () => read(endpoint),
      ({ failingSince }) => failingSince === null,
    );
  }, 60_000);
});

describe('an endpoint that is given up', () => {
  const disabledEvent = () =>
    until(
      async () => (await listEvents(server.resources.db, { after: 0, limit: 10_000 })).at(-1),
      (event) => event?.type === 'webhookEndpoint.disabled',
    );

  test('asked for it by 410 Gone', async () => {
    const receiver = await server.receiver(answers(410));
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    await makeNews(anna);
    const disabled = await until(
      () => read(endpoint),
      ({ enabled }) => !enabled,
    );
    expect(disabled.disabledReason).toBe('gone');
    const event = await disabledEvent();
    expect(event!.data).toMatchObject({ host: new URL(receiver.url).host, reason: 'gone', enabled: false });
    expect(event!.audience).toHaveLength(1);
    server.clock.aheadMs += MINUTE_MS;
    await wait(1_500);
    expect(receiver.received).toHaveLength(1);
  });

  test('failed for five days; enabled again it gets what waited, and by a replay what it missed', async () => {
    const receiver = await server.receiver(answers(500));
    const endpoint = await createEndpoint(anna, { url: receiver.url });
    const titles = [await makeNews(anna)];
    const { sequence } = (await receiver.gets(1))[0]!.event;
    for (let hours = 0; (await read(endpoint)).enabled; hours += 8) {
      if (hours === 96) titles.push(await makeNews(anna));
      expect(hours).toBeLessThan(200);
      await wait(1_200);
      if ((await read(endpoint)).enabled) server.clock.aheadMs += 8 * HOUR_MS;
    }
    const waiting = await deliveriesOf(anna, endpoint, '?state=pending');
    const { disabledReason, failingSince } = await read(endpoint);
    expect(disabledReason).toBe('failing');
    expect(server.clock.now().getTime() - Date.parse(failingSince)).toBeGreaterThanOrEqual(5 * DAY_MS);
    expect((await disabledEvent())!.data).toMatchObject({ reason: 'failing', failingSince });

    // While it is disabled it gets nothing, and nothing is kept for it.
    titles.push(await makeNews(anna));
    receiver.behaviour = answers(204);
    receiver.received = [];
    const refused = await anna('POST', `${endpoint.path}/replay`, { body: { fromSequence: sequence } });
    expect([refused.status, refused.body.code]).toEqual([409, 'webhook_endpoint_disabled']);
    await wait(1_500);
    expect(receiver.received).toEqual([]);

    await anna('PATCH', endpoint.path, { body: { enabled: true } });
    const resumed = await receiver.gets(waiting.length);
    expect(resumed.map(({ id }) => id).sort()).toEqual(waiting.map(({ event }) => event.id).sort());
    await until(
      () => deliveriesOf(anna, endpoint, '?state=pending'),
      ({ length }) => length === 0,
    );
    receiver.received = [];
    await anna('POST', `${endpoint.path}/replay`, { body: { fromSequence: sequence } });
    expect(titlesOf(await receiver.gets(3)).sort()).toEqual(titles.sort());
    expect(await read(endpoint)).toMatchObject({ enabled: true, disabledReason: null, failingSince: null });
  }, 120_000);
});

test('receivers that hang do not hold up others', async () => {
  const hanging: TestEndpoint[] = [];
  for (let i = 0; i < 6; i++) {
    const receiver = await server.receiver(hangs);
    hanging.push(await createEndpoint(anna, { url: receiver.url }));
  }
  const good = await server.receiver();
  await createEndpoint(anna, { url: good.url });
  for (let i = 0; i < 20; i++) await makeNews(anna);
  await good.gets(20);
  // All of it came before the first of the others was given up, 15 seconds after it began.
  for (const endpoint of hanging)
    for (const { attempts } of await deliveriesOf(anna, endpoint)) expect(attempts).toEqual([]);
}, 40_000);
