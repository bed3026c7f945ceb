import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf, newPerson } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { until } from '../../test/until.ts';
import { movableClock, systemClock } from '../platform/clock.ts';
import { openResources } from '../resources.ts';
import { type RunningWorker, startWorker } from '../worker.ts';

const CLOCK = '/v1/admin/clock';
const DAY = 86_400;

let server: TestServer;
let worker: RunningWorker;
let call: Caller;
beforeAll(async () => {
  server = await startTestServer();
  worker = startWorker(server.resources);
  call = callerOf(server, server.credentials.admin.apiKey);
});
afterAll(async () => {
  expect(server.breaches).toEqual([]);
  await worker.close();
  await server.stop();
});

const move = (body: object, key?: string) =>
  call('POST', CLOCK, { body, ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }) });
const aheadBy = async () => (await call('GET', CLOCK)).body.aheadBy as number;

describe('moving time', () => {
  test('goes forward by a span, at once and for everything', async () => {
    const before = await aheadBy();
    const { status, body } = await move({ advance: '3d12h', reason: 'a demo' });
    expect([status, body.aheadBy - before]).toEqual([200, 3.5 * DAY]);
    const { body: quoted } = await call('POST', '/v1/listings', {
      body: { title: 'Loft', roomType: 'entirePlace' },
    });
    const distance = Math.abs(Date.parse(quoted.createdAt) - Date.parse(body.now));
    expect(distance).toBeLessThan(10_000);
  });

  test('goes to an instant', async () => {
    const to = new Date(systemClock.now().getTime() + 30 * DAY * 1_000);
    const { body } = await move({ to: to.toISOString() });
    expect(Math.abs(Date.parse(body.now) - to.getTime())).toBeLessThan(1_000);
  });

  test('is done once for an idempotency key, however far it went', async () => {
    const first = await move({ advance: '2d' }, 'move-once');
    const again = await move({ advance: '2d' }, 'move-once');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.text).toBe(first.text);
    expect(await aheadBy()).toBe(first.body.aheadBy);
  });

  test('by many at once adds up', async () => {
    const before = await aheadBy();
    const answers = await Promise.all(Array.from({ length: 10 }, () => move({ advance: '1h' })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await aheadBy()) - before).toBe(10 * 3_600);
  });

  test('is in the audit log with its reason', async () => {
    await move({ advance: '1m', reason: 'to see a hold expire' });
    await until('the move is told', async () => {
      const { data } = (await call('GET', '/v1/admin/audit-log?type=clock.moved')).body;
      return data[0]?.data.reason === 'to see a hold expire';
    });
    const [told] = (await call('GET', '/v1/admin/audit-log?type=clock.moved')).body.data;
    expect(Date.parse(told.data.now) - Date.parse(told.previous.now)).toBeGreaterThanOrEqual(60_000);
    expect(told.subject.type).toBe('marketplace');
    expect(told.actor.id).toMatch(/^usr_/);
  });

  test.each([
    [{}, '/advance'],
    [{ advance: '1d', to: '2040-01-01T00:00:00.000Z' }, '/advance'],
    [{ advance: 'tomorrow' }, '/advance'],
    [{ advance: '-1d' }, '/advance'],
    [{ advance: '4000d' }, '/advance'],
    [{ to: '2020-01-01T00:00:00.000Z' }, '/to'],
    [{ to: '2090-01-01T00:00:00.000Z' }, '/to'],
    [{ advance: '1d', speed: 2 }, '/speed'],
  ])('%j is refused by its pointer, and moves nothing', async (body, pointer) => {
    const before = await aheadBy();
    const answer = await move(body);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect(await aheadBy()).toBe(before);
  });

  test('ends sessions, whose time passes too, and no API key', async () => {
    const { call: person } = await newPerson(server);
    expect((await person('GET', '/v1/me')).status).toBe(200);
    await move({ advance: '1d' });
    expect((await person('GET', '/v1/me')).body.code).toBe('invalid_credentials');
    expect((await call('GET', '/v1/me')).status).toBe(200);
  });
});

describe('what becomes due', () => {
  test('is done when a move with wait answers', async () => {
    const person = await newPerson(server);
    const key = (
      await person.call('POST', '/v1/api-keys', {
        body: { name: 'tests', scopes: ['listings:write', 'webhooks:read', 'webhooks:write'] },
      })
    ).body.key;
    const owner = callerOf(server, key);
    const { body: endpoint } = await owner('POST', '/v1/webhook-endpoints', {
      body: { url: 'http://127.0.0.1:9/', types: ['listing.*'] },
    });
    await owner('POST', '/v1/listings', { body: { title: 'News', roomType: 'privateRoom' } });
    const attempts = async () =>
      (await owner('GET', `/v1/webhook-endpoints/${endpoint.id}/deliveries`)).body.data[0]?.attempts.length ??
      0;
    await until('the first delivery has failed', async () => (await attempts()) >= 1);
    const before = await attempts();
    // The next one is minutes or hours away by the clock; no test waits for it.
    const moved = await move({ advance: '1d', wait: true });
    expect(moved.status).toBe(200);
    expect(await attempts()).toBeGreaterThan(before);
  });

  test('is told as not done while nobody does it, without undoing the move; the same request waits on', async () => {
    await call('POST', '/v1/admin/queues/default/pause', { body: { reason: 'a test' } });
    const before = await aheadBy();
    const first = move({ advance: '1d', wait: true }, 'paused-move');
    await until('the clock has moved', async () => (await aheadBy()) > before);
    expect((await call('GET', CLOCK)).body.settled).toBe(false);
    await call('POST', '/v1/admin/queues/default/resume', { body: { reason: 'a test' } });
    expect((await first).status).toBe(200);
    const again = await move({ advance: '1d', wait: true }, 'paused-move');
    expect([again.status, again.body.aheadBy]).toEqual([200, before + DAY]);
  });
});

describe('another process', () => {
  test('starts with the time of the marketplace, and follows each move within a moment', async () => {
    const other = await openResources(
      { ...server.resources.config, databaseUrl: server.databaseUrl },
      { clock: movableClock(), log: server.resources.log },
    );
    try {
      const apart = () => Math.abs(other.clock.now().getTime() - server.resources.clock.now().getTime());
      expect(apart()).toBeLessThan(1_000);
      await move({ advance: '7d' });
      await until('it has followed', () => apart() < 1_000, 3_000);
    } finally {
      await other.close();
    }
  });

  test('of a worker does by the new time what a move wakes, though the news has not come', async () => {
    await server.resources.db
      .updateTable('sandbox_clock')
      .set({ ahead_ms: 3_000 * DAY * 1_000 })
      .execute();
    const before = server.resources.clock.now();
    await until(
      'a scheduled job has set the clock',
      () => server.resources.clock.now().getTime() - before.getTime() > DAY,
    );
  });
});

describe('a clock that stands as a test wants it', () => {
  test('is not moved', async () => {
    const now = new Date('2026-12-01T12:00:00.000Z');
    const still = await startTestServer({}, { clock: { now: () => now } });
    try {
      const admin = callerOf(still, still.credentials.admin.apiKey);
      expect((await admin('GET', CLOCK)).body).toMatchObject({
        now: now.toISOString(),
        aheadBy: 0,
        movable: false,
      });
      const answer = await admin('POST', CLOCK, { body: { advance: '1d' } });
      expect([answer.status, answer.body.code]).toEqual([403, 'sandbox_only']);
    } finally {
      await still.stop();
    }
  });
});

test('repeats of requests live in real time: no move lets them be forgotten', async () => {
  const keys = await server.resources.db.selectFrom('idempotency_keys').select('created_at').execute();
  expect(keys.length).toBeGreaterThan(0);
  for (const { created_at } of keys)
    expect(systemClock.now().getTime() - created_at.getTime()).toBeLessThan(600_000);
});
