import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestServer, type TestServer } from '../../../test/server.ts';
import { until } from '../../../test/until.ts';
import { startWorker } from '../../worker.ts';
import { type Context, contextOfProcess, transaction } from '../context.ts';
import { workOf } from '../jobs/registry.ts';
import { consume } from './consume.ts';
import { consumer, MAX_ATTEMPTS } from './consumer.ts';
import { ensureCursors, listSetAside, retrySetAside } from './consumption.ts';
import { emit, emitAll } from './emit.ts';
import { eventType, PARTITIONS, type StoredEvent } from './event.ts';
import { listEvents, listEventsOf, removeEventsBefore } from './log.ts';
import { sequenceOutbox } from './sequence.ts';

const noted = eventType({
  type: 'test.noted',
  subject: 'user',
  summary: 'Something was noted.',
  data: z.object({ text: z.string() }),
  previous: z.object({ text: z.string() }),
});

const clock = { aheadMs: 0, now: () => new Date(Date.now() + clock.aheadMs) };
let server: TestServer;
let ctx: Context;
const closers: (() => Promise<void>)[] = [];
beforeAll(async () => {
  server = await startTestServer({}, { clock });
  ctx = contextOfProcess(server.resources, null);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(() => server.stop());

const note = (subjectId: string, text: string, audience: string[] = []) =>
  transaction(ctx, (tx) => emit(ctx, tx, noted, { subjectId, audience, data: { text } }));
const texts = (events: readonly StoredEvent[]) => events.map(({ data }) => data.text);
const newest = async () => (await listEvents(ctx.db, { after: 0, limit: 100_000 })).at(-1)?.sequence ?? 0;

/** Numbers all events and lets the consumer take its share of every partition, until there is nothing more. */
async function takeAll(taker: ReturnType<typeof consumer>) {
  await sequenceOutbox(ctx.db, 10_000);
  for (let partition = 0; partition < PARTITIONS; partition++)
    while (await consume(ctx, taker, { consumer: taker.name, partition }));
}

describe('an event', () => {
  test('is there when its transaction commits, and never else', async () => {
    const subjectId = randomUUID();
    await note(subjectId, 'kept');
    await transaction(ctx, async (tx) => {
      await emit(ctx, tx, noted, { subjectId, audience: [], data: { text: 'taken back' } });
      throw new Error('no');
    }).catch(() => {});
    await sequenceOutbox(ctx.db, 1_000);
    const events = await listEvents(ctx.db, { after: 0, limit: 1_000 });
    expect(texts(events.filter((event) => event.subjectId === subjectId))).toEqual(['kept']);
  });

  test('tells only what its type names', async () => {
    const subjectId = randomUUID();
    await transaction(ctx, (tx) =>
      emit(ctx, tx, noted, {
        subjectId,
        audience: [],
        data: { text: 'now', password: 'secret' } as never,
        previous: { text: 'before' },
      }),
    );
    await sequenceOutbox(ctx.db, 1_000);
    const [event] = await listEvents(ctx.db, { after: (await newest()) - 1, limit: 1 });
    expect(event).toMatchObject({
      subjectId,
      data: { text: 'now' },
      previous: { text: 'before' },
      actor: null,
    });
    expect(event!.data).not.toHaveProperty('password');
  });

  test('belongs to the world of its audience', async () => {
    const [mine, hers] = [randomUUID(), randomUUID()];
    await note(randomUUID(), 'both', [mine, hers]);
    await note(randomUUID(), 'hers', [hers]);
    await sequenceOutbox(ctx.db, 1_000);
    expect(texts(await listEventsOf(ctx.db, mine, { after: 0, limit: 10 }))).toEqual(['both']);
    expect(texts(await listEventsOf(ctx.db, hers, { after: 0, limit: 10 }))).toEqual(['both', 'hers']);
  });

  test('cannot be changed or numbered by hand by the application', async () => {
    for (const statement of [
      "update events set type = 'x'",
      'update events set sequence = sequence + 1',
      "update outbox set type = 'x'",
      'delete from event_head',
      'insert into event_head (sequence) values (1)',
    ])
      await expect(server.resources.pool.query(statement), statement).rejects.toThrow(/permission denied/);
  });
});

describe('the sequence', () => {
  test('has no gap and no number below one that was seen, whatever order transactions commit in', async () => {
    const start = await newest();
    const client = new pg.Client({ connectionString: server.databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query(
      `insert into outbox (id, type, subject_type, subject_id, audience, data, occurred_at)
       values (gen_random_uuid(), 'test.noted', 'user', gen_random_uuid(), '{}', '{"text":"late"}', now())`,
    );
    await note(randomUUID(), 'early');
    await sequenceOutbox(ctx.db, 1_000);
    expect(texts(await listEvents(ctx.db, { after: start, limit: 10 }))).toEqual(['early']);
    await client.query('commit');
    await client.end();
    await sequenceOutbox(ctx.db, 1_000);
    const events = await listEvents(ctx.db, { after: start, limit: 10 });
    expect(texts(events)).toEqual(['early', 'late']);
    expect(events.map(({ sequence }) => sequence - start)).toEqual([1, 2]);
  });

  test('is whole when several processes give numbers at once', async () => {
    const start = await newest();
    const writing = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; i < 25; i++) await note(randomUUID(), `${writer}/${i}`);
    });
    let done = false;
    const numbering = Array.from({ length: 4 }, async () => {
      while (!done) await sequenceOutbox(ctx.db, 7);
    });
    await Promise.all(writing);
    done = true;
    await Promise.all(numbering);
    await sequenceOutbox(ctx.db, 1_000);
    const events = await listEvents(ctx.db, { after: start, limit: 1_000 });
    expect(events.map(({ sequence }) => sequence - start)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
    expect(new Set(texts(events)).size).toBe(200);
  });
});

describe('a consumer', () => {
  test('that is new begins with what happens from now on', async () => {
    await note(randomUUID(), 'before it was there');
    await sequenceOutbox(ctx.db, 1_000);
    const got: StoredEvent[] = [];
    const taker = consumer({ name: randomUUID(), handle: async (_ctx, events) => void got.push(...events) });
    await ensureCursors(ctx.db, [taker.name]);
    await note(randomUUID(), 'after');
    await takeAll(taker);
    expect(texts(got)).toEqual(['after']);
  });

  test('hears only the types that it asks for', async () => {
    const got: StoredEvent[] = [];
    const taker = consumer({
      name: randomUUID(),
      types: ['test.else'],
      handle: async (_ctx, events) => void got.push(...events),
    });
    await ensureCursors(ctx.db, [taker.name]);
    await note(randomUUID(), 'not for it');
    await takeAll(taker);
    expect(got).toEqual([]);
  });

  test('that fails at one event goes on with others; those of the same subject wait behind it', async () => {
    let broken = true;
    const got: string[] = [];
    const taker = consumer({
      name: randomUUID(),
      handle: async (_ctx, events) => {
        for (const { data } of events) {
          if (broken && data.text === 'a1') throw new Error('cannot take a1');
          got.push(String(data.text));
        }
      },
    });
    await ensureCursors(ctx.db, [taker.name]);
    const [a, b] = [randomUUID(), randomUUID()];
    for (const [subject, text] of [
      [a, 'a0'],
      [b, 'b0'],
      [a, 'a1'],
      [a, 'a2'],
      [b, 'b1'],
    ] as const)
      await note(subject, text);
    await takeAll(taker);
    await note(a, 'a3');
    await note(b, 'b2');
    await takeAll(taker);
    // What a batch pushed before it failed was taken back with its transaction; this list is not part of it.
    const last = (name: string) => got.filter((text) => text.startsWith(name));
    expect(new Set(last('b'))).toEqual(new Set(['b0', 'b1', 'b2']));
    expect(new Set(last('a'))).toEqual(new Set(['a0']));
    broken = false;
    got.length = 0;
    clock.aheadMs += 60_000;
    await takeAll(taker);
    expect(got).toEqual(['a1', 'a2', 'a3']);
  });

  test('leaves nothing of what a failed handler wrote, and each effect once', async () => {
    await using owner = await asOwner(
      'create table if not exists notes (text text)',
      'grant all on notes to sojourn_app',
    );
    let failures = 1;
    const taker = consumer({
      name: randomUUID(),
      handle: async ({ db }, events) => {
        for (const { data } of events) {
          await db
            .insertInto('notes' as never)
            .values({ text: data.text } as never)
            .execute();
          if (data.text === 'second' && failures-- > 0) throw new Error('after it wrote');
        }
      },
    });
    await ensureCursors(ctx.db, [taker.name]);
    const subject = randomUUID();
    for (const text of ['first', 'second', 'third']) await note(subject, text);
    await takeAll(taker);
    const { rows } = await owner.client.query<{ text: string }>('select text from notes order by text');
    expect(rows.map(({ text }) => text)).toEqual(['first', 'second', 'third']);
  });

  test('sets an event aside after its last attempt, goes on, and takes it when told to', async () => {
    let broken = true;
    const got: string[] = [];
    const taker = consumer({
      name: randomUUID(),
      handle: async (_ctx, [event, ...others]) => {
        if (others.length > 0) throw new Error('one by one, please');
        if (broken && event!.data.text === 'poison') throw new Error('it is poison');
        got.push(String(event!.data.text));
      },
    });
    await ensureCursors(ctx.db, [taker.name]);
    const subject = randomUUID();
    await note(subject, 'poison');
    await note(subject, 'behind it');
    for (let i = 0; i <= MAX_ATTEMPTS; i++) {
      await takeAll(taker);
      clock.aheadMs += 3_600_000;
    }
    expect(got).toEqual(['behind it']);
    const aside = (await listSetAside(ctx.db, 10)).filter((event) => event.consumer === taker.name);
    expect(aside).toMatchObject([{ attempts: MAX_ATTEMPTS, error: 'it is poison', type: 'test.noted' }]);
    broken = false;
    await retrySetAside(ctx.db, clock.now());
    await takeAll(taker);
    expect(got).toEqual(['behind it', 'poison']);
  });

  test('is woken by the relay, a moment after the commit', async () => {
    const got: string[] = [];
    const taker = consumer({
      name: randomUUID(),
      types: [noted.type],
      handle: async (_ctx, events) => void got.push(...texts(events).map(String)),
    });
    const worker = startWorker(server.resources, workOf([], [], [taker]));
    closers.push(() => worker.close());
    const place = async () => {
      const { rows } = await server.resources.pool.query('select from event_cursors where consumer = $1', [
        taker.name,
      ]);
      return rows.length === PARTITIONS;
    };
    await until('the consumer has its place', place);
    const subject = randomUUID();
    for (const text of ['1', '2', '3']) await note(subject, text);
    await until('all three came', () => got.length === 3);
    expect(got).toEqual(['1', '2', '3']);
  });
});

describe('the tail', () => {
  test('hears every event once and in order, also after its connection was cut', async () => {
    const heard: StoredEvent[] = [];
    const stop = server.resources.events.onEvents((events) => void heard.push(...events));
    const subject = randomUUID();
    const mine = () => texts(heard.filter(({ subjectId }) => subjectId === subject));
    await note(subject, 'one');
    await sequenceOutbox(ctx.db, 1_000);
    await until('it heard the first', () => mine().length === 1);
    await using owner = await asOwner();
    await owner.client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sojourn-events' and datname = current_database()",
    );
    await note(subject, 'two');
    await sequenceOutbox(ctx.db, 1_000);
    await until('it heard the second', () => mine().length === 2);
    await note(subject, 'three');
    await sequenceOutbox(ctx.db, 1_000);
    await until('it heard the third', () => mine().length === 3);
    stop();
    await note(subject, 'unheard');
    await sequenceOutbox(ctx.db, 1_000);
    expect(mine()).toEqual(['one', 'two', 'three']);
  });
});

test('events are kept for as long as they should, and go with what belongs to them', async () => {
  const who = randomUUID();
  await transaction(ctx, (tx) =>
    emitAll(
      ctx,
      tx,
      noted,
      ['x', 'y', 'z'].map((text) => ({ subjectId: randomUUID(), audience: [who], data: { text } })),
    ),
  );
  await sequenceOutbox(ctx.db, 1_000);
  expect(await listEventsOf(ctx.db, who, { after: 0, limit: 10 })).toHaveLength(3);
  const later = new Date(clock.now().getTime() + 1_000);
  expect(await removeEventsBefore(ctx.db, later, 2)).toBe(2);
  while ((await removeEventsBefore(ctx.db, later, 100)) > 0);
  expect(await listEvents(ctx.db, { after: 0, limit: 10 })).toEqual([]);
  const { rows } = await server.resources.pool.query('select from event_audience');
  expect(rows).toEqual([]);
});

/** The owner of the database, who may do what the application may not. */
async function asOwner(...statements: string[]) {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
