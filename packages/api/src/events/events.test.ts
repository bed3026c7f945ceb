import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Caller, callerOf, newPerson } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { type Context, contextOfProcess, transaction } from '../platform/context.ts';
import { emit, emitAll } from '../platform/events/emit.ts';
import { eventType } from '../platform/events/event.ts';
import { uuidOf } from '../platform/id.ts';
import { workOf } from '../platform/jobs/registry.ts';
import { type RunningWorker, startWorker } from '../worker.ts';
import { MAX_WAITERS_OF_USER, waitingRoomOf } from './service/waiting-room.ts';

const listingEvent = (type: string) =>
  eventType({ type, subject: 'listing', summary: 'A test.', data: z.object({ n: z.int() }) });
const published = listingEvent('listing.published');
const paused = listingEvent('listing.paused');

let server: TestServer;
let worker: RunningWorker;
let ctx: Context;
beforeAll(async () => {
  server = await startTestServer();
  worker = startWorker(server.resources, workOf([], [], []));
  ctx = contextOfProcess(server.resources, null);
});
afterEach(() => expect(server.breaches).toEqual([]));
afterAll(async () => {
  await worker.close();
  await server.stop();
});

const told = (type: typeof published, people: { uuid: string }[], n: number) =>
  transaction(ctx, (tx) =>
    emit(ctx, tx, type, {
      subjectId: randomUUID(),
      audience: people.map(({ uuid }) => uuid),
      data: { n },
    }),
  );
async function reader(on: TestServer = server, hasWorker = true) {
  const { id, call } = await newPerson(on);
  if (hasWorker) await forgetRegistration(on, uuidOf('usr', id)!);
  return { uuid: uuidOf('usr', id)!, call, list: (query = '') => call('GET', `/v1/events?${query}`) };
}
/** Registering is news as well; these tests count their own. */
async function forgetRegistration({ resources: { pool } }: TestServer, userId: string) {
  await until(async () => (await pool.query('select from outbox')).rows.length === 0);
  await pool.query('delete from event_audience where user_id = $1', [userId]);
}
const numbers = (answer: { body: { data: { data: { n: number } }[] } }) =>
  answer.body.data.map(({ data }) => data.n);
const end = async (call: Caller): Promise<number> =>
  (await call('GET', '/v1/events?after=latest')).body.lastSequence;
async function until(condition: () => boolean | Promise<boolean>) {
  for (const limit = performance.now() + 10_000; !(await condition()); await wait(10))
    if (performance.now() > limit) throw new Error('it never came so far');
}
const room = () => waitingRoomOf(server.resources.events);

describe('reading the log', () => {
  test('is in order, page after page, and only of the reader’s own world', async () => {
    const [robin, kim] = [await reader(), await reader()];
    const start = await end(robin.call);
    for (let n = 0; n < 7; n++) await told(published, n % 2 ? [kim] : [robin], n);
    await told(published, [robin, kim], 7);
    await until(async () => (await end(robin.call)) >= start + 8);
    const first = await robin.list(`after=${start}&limit=2`);
    expect(numbers(first)).toEqual([0, 2]);
    expect(first.body.lastSequence).toBe(start + 3);
    const second = await robin.list(`after=${start}&limit=2&cursor=${first.body.nextCursor}`);
    const resumed = await robin.list(`after=${first.body.lastSequence}&limit=2`);
    expect(numbers(second)).toEqual([4, 6]);
    expect(resumed.body.data).toEqual(second.body.data);
    const last = await robin.list(`after=${second.body.lastSequence}`);
    expect(numbers(last)).toEqual([7]);
    expect(last.body).toMatchObject({ nextCursor: null, lastSequence: start + 8 });
    expect(numbers(await kim.list())).toEqual([1, 3, 5, 7]);
    expect((await robin.list('after=latest')).body).toEqual({
      data: [],
      nextCursor: null,
      lastSequence: start + 8,
    });
  });

  test('of some types answers those, and goes on beyond the others', async () => {
    const robin = await reader();
    const start = await end(robin.call);
    for (let n = 0; n < 4; n++) await told(n % 2 ? paused : published, [robin], n);
    await until(async () => (await end(robin.call)) >= start + 4);
    for (const types of ['listing.paused', 'listing.paused,', 'listing.paused&types=listing.paused']) {
      const answer = await robin.list(`after=${start}&types=${types}`);
      expect(numbers(answer)).toEqual([1, 3]);
    }
    const some = await robin.list(`after=${start}&types=listing.published`);
    expect(numbers(some)).toEqual([0, 2]);
    expect(some.body.lastSequence).toBe(start + 4);
    expect(numbers(await robin.list(`after=${start}&types=listing.*`))).toEqual([0, 1, 2, 3]);
    for (const all of ['', '*', 'listing.paused,*'])
      expect((await robin.list(`after=${start}&types=${all}`)).body.data).toHaveLength(4);
  });

  test('of rare types among very many looks at a part of the log, and says that it goes on', async () => {
    const robin = await reader();
    const start = await end(robin.call);
    const one = { subjectId: randomUUID(), audience: [robin.uuid] };
    const many = Array.from({ length: 20_500 }, (_, n) => ({ ...one, data: { n } }));
    await transaction(ctx, (tx) => emitAll(ctx, tx, published, many));
    await told(paused, [robin], 1);
    await until(async () => (await end(robin.call)) >= start + 20_501);
    const admin = callerOf(server, server.credentials.admin.apiKey);
    for (const ask of [robin.list, (query: string) => admin('GET', `/v1/events?all=true&${query}`)]) {
      const first = await ask(`after=${start}&types=listing.paused&wait=20`);
      expect(first.body).toMatchObject({ data: [], lastSequence: start + 20_000 });
      const second = await ask(`types=listing.paused&cursor=${first.body.nextCursor}`);
      expect(numbers(second)).toEqual([1]);
      expect(second.body).toMatchObject({ nextCursor: null, lastSequence: start + 20_501 });
    }
  });

  test('of everybody is for admins, by credentials that say so', async () => {
    const [robin, kim] = [await reader(), await reader()];
    const start = await end(robin.call);
    await told(published, [robin], 1);
    await told(published, [kim], 2);
    await until(async () => (await end(robin.call)) >= start + 2);
    const admin = callerOf(server, server.credentials.admin.apiKey);
    expect(numbers(await admin('GET', `/v1/events?all=true&after=${start}`))).toEqual([1, 2]);
    expect((await admin('GET', `/v1/events?after=${start}`)).body.data).toEqual([]);
    expect((await robin.list('all=true')).body).toMatchObject({ status: 403, code: 'insufficient_scope' });
    const { body: key } = await callerOf(server, (await adminSession()).accessToken)('POST', '/v1/api-keys', {
      body: { name: 'reads', scopes: ['events:read'] },
    });
    expect((await callerOf(server, key.key)('GET', '/v1/events?all=true')).status).toBe(403);
    const [event] = (await robin.list(`after=${start}`)).body.data;
    expect((await robin.call('GET', `/v1/events/${event.id}`)).body).toEqual(event);
    expect((await admin('GET', `/v1/events/${event.id}`)).body).toEqual(event);
    expect((await kim.call('GET', `/v1/events/${event.id}`)).body.code).toBe('event_not_found');
    for (const id of [event.id.replace('evt', 'lst'), 'evt_00000000000000000000000000', 'x'])
      expect((await robin.call('GET', `/v1/events/${id}`)).status).toBe(404);
  });

  test.each([
    ['after=-1', '/query/after'],
    ['after=1e3', '/query/after'],
    ['after=now', '/query/after'],
    ['after=', '/query/after'],
    ['after=1&after=2', '/query/after'],
    ['after=99999999999999999999', '/query/after'],
    ['after=999999999', '/query/after'],
    ['types=listing.publishd', '/query/types'],
    ['types=**', '/query/types'],
    ['types=.*', '/query/types'],
    ['types=constructor', '/query/types'],
    ['types=%00', '/query/types'],
    ['wait=31', '/query/wait'],
    ['wait=', '/query/wait'],
    ['wait=0.5', '/query/wait'],
    ['all=yes', '/query/all'],
    ['limit=101', '/query/limit'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await (await reader()).list(query);
    expect([status, body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([
      422,
      [pointer],
    ]);
  });

  test('names the types that there are when one is unknown, and all that is wrong at once', async () => {
    const { body } = await (await reader()).list('types=listing.publishd,x.*&wait=99');
    expect(body.errors).toHaveLength(3);
    expect(body.errors[0].message).toMatch(/"listing\.publishd"; there are .*listing\.published/);
    const { body: catalogue } = await callerOf(server)('GET', '/v1/event-types');
    expect(catalogue.data.find(({ type }: { type: string }) => type === 'listing.published')).toMatchObject({
      subject: 'listing',
      data: { type: 'object', properties: { version: { type: 'integer' } } },
      previous: { properties: { status: {} } },
    });
  });

  test('goes on only after an event that is still kept', async () => {
    const own = await startTestServer();
    const ownWorker = startWorker(own.resources, workOf([], [], []));
    try {
      const robin = await reader(own);
      const context = contextOfProcess(own.resources, null);
      const before = await end(robin.call);
      for (let n = 0; n < 5; n++)
        await transaction(context, (tx) =>
          emit(context, tx, published, { subjectId: randomUUID(), audience: [robin.uuid], data: { n } }),
        );
      await until(async () => (await end(robin.call)) >= before + 5);
      const database = new pg.Client({ connectionString: own.databaseUrl });
      database.on('error', () => {});
      await database.connect();
      await database.query('delete from events where sequence <= $1', [before + 2]);
      await database.query('delete from event_audience where sequence <= $1', [before + 2]);
      const gone = await robin.list(`after=${before + 1}`);
      expect([gone.status, gone.body.code]).toEqual([410, 'events_expired']);
      expect(gone.body.detail).toContain(`sequence ${before + 3}.`);
      expect(numbers(await robin.list(`after=${before + 2}`))).toEqual([2, 3, 4]);
      expect(numbers(await robin.list())).toEqual([2, 3, 4]);
      await database.query('delete from events');
      await database.query('delete from event_audience');
      await database.end();
      expect((await robin.list(`after=${before + 4}`)).body.detail).toContain(`sequence ${before + 6}.`);
      expect((await robin.list()).body).toMatchObject({ data: [], lastSequence: before + 5 });
      expect((await robin.list(`after=${before + 5}`)).status).toBe(200);
    } finally {
      await ownWorker.close();
      await own.stop();
    }
  });
});

async function adminSession(): Promise<{ accessToken: string }> {
  const { email, password } = server.credentials.admin;
  return (await callerOf(server)('POST', '/v1/auth/login', { body: { email, password } })).body;
}

describe('waiting', () => {
  test('ends as soon as something happens to the one who waits, and not before', async () => {
    const [robin, kim] = [await reader(), await reader()];
    let answered = 0;
    const waiting = robin.list('after=latest&wait=20&types=listing.paused').then((answer) => {
      answered = performance.now();
      return answer;
    });
    await until(() => room().size === 1);
    await told(paused, [kim], 1);
    await told(published, [robin], 2);
    await wait(500);
    expect(answered).toBe(0);
    const started = performance.now();
    await told(paused, [robin], 3);
    expect(numbers(await waiting)).toEqual([3]);
    expect(answered - started).toBeLessThan(1_000);
    expect(room().size).toBe(0);
  });

  test('of an admin for everything ends with anything', async () => {
    const admin = callerOf(server, server.credentials.admin.apiKey);
    const waiting = admin('GET', '/v1/events?all=true&after=latest&wait=20');
    await until(() => room().size === 1);
    await told(published, [], 9);
    expect(numbers(await waiting)).toEqual([9]);
  });

  test('ends empty when its time is over, and holds no database connection meanwhile', async () => {
    const robin = await reader();
    const started = performance.now();
    const waiting = Array.from({ length: MAX_WAITERS_OF_USER }, () => robin.list('after=latest&wait=1'));
    await until(() => room().size === MAX_WAITERS_OF_USER);
    await until(() => server.resources.pool.idleCount === server.resources.pool.totalCount);
    for (const answer of await Promise.all(waiting))
      expect(answer.body).toMatchObject({ data: [], nextCursor: null });
    expect(performance.now() - started).toBeGreaterThan(990);
    expect(room().size).toBe(0);
  });

  test('is bounded for each account, and leaves others alone', async () => {
    const [robin, kim] = [await reader(), await reader()];
    const waiting = Array.from({ length: MAX_WAITERS_OF_USER }, () => robin.list('after=latest&wait=20'));
    await until(() => room().size === MAX_WAITERS_OF_USER);
    const refused = await robin.list('after=latest&wait=20');
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_waiting']);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await robin.list('after=latest')).status).toBe(200);
    expect((await kim.list('after=latest&wait=1')).status).toBe(200);
    await told(published, [robin], 1);
    for (const answer of await Promise.all(waiting)) expect(numbers(answer)).toEqual([1]);
  });

  test('frees its place when the caller goes', async () => {
    const robin = await reader();
    const { body } = await robin.call('POST', '/v1/api-keys', {
      body: { name: 'k', scopes: ['events:read'] },
    });
    const gone = new AbortController();
    const waiting = Array.from({ length: 15 }, () =>
      fetch(`${server.url}/v1/events?after=latest&wait=30&types=listing.paused`, {
        headers: { Authorization: `Bearer ${body.key}` },
        signal: gone.signal,
      }).catch(() => 'gone'),
    );
    await until(() => room().size === 15);
    // They are in the room before they have looked whether there is something; now they wait.
    await wait(500);
    gone.abort();
    expect(await Promise.all(waiting)).toEqual(Array(15).fill('gone'));
    await until(() => room().size === 0);
  });

  test('does not count among the requests that run, and ends when the server stops', async () => {
    const small = await startTestServer({ MAX_CONCURRENT_REQUESTS: '8' });
    const robin = await reader(small, false);
    const kim = await reader(small, false);
    const waiting = Array.from({ length: 16 }, (_, i) =>
      wait(i * 20).then(() => (i % 2 ? robin : kim).list('after=latest&wait=30')),
    );
    await until(() => waitingRoomOf(small.resources.events).size === 16);
    for (let i = 0; i < 20; i++) expect((await robin.list('after=latest')).status).toBe(200);
    const started = performance.now();
    const stopped = small.stop();
    for (const { status, body, headers } of await Promise.all(waiting)) {
      expect([status, body.data]).toEqual([200, []]);
      expect(headers.get('connection')).toBe('close');
    }
    expect(performance.now() - started).toBeLessThan(500);
    await stopped;
  });
});

test('a reader meets every event once and in order while many write, however it reads', async () => {
  const robin = await reader();
  const start = await end(robin.call);
  const WRITERS = 8;
  const EACH = 60;
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    const subjectId = randomUUID();
    for (let n = 0; n < EACH; n++)
      await transaction(ctx, async (tx) => {
        await emit(ctx, tx, published, {
          subjectId,
          audience: [robin.uuid],
          data: { n: writer * 1_000 + n },
        });
        // Transactions commit in another order than they write.
        if (n % 7 === writer % 7) await wait(writer * 3);
      });
  });
  const seen: { sequence: number; data: { n: number } }[] = [];
  let after = start;
  while (seen.length < WRITERS * EACH) {
    const { body } = await robin.list(`after=${after}&limit=${1 + (seen.length % 50)}&wait=5`);
    seen.push(...body.data);
    after = body.lastSequence;
  }
  await Promise.all(writers);
  expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_, i) => start + 1 + i));
  for (let writer = 0; writer < WRITERS; writer++)
    expect(seen.map(({ data }) => data.n).filter((n) => Math.floor(n / 1_000) === writer)).toEqual(
      Array.from({ length: EACH }, (_, n) => writer * 1_000 + n),
    );
}, 30_000);
