import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { redisServer } from '../../../test/programs.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { startTestServer, type TestServer } from '../../../test/server.ts';
import { until } from '../../../test/until.ts';
import { type RunningWorker, startWorker } from '../../worker.ts';
import { type Context, contextOfProcess, transaction } from '../context.ts';
import { enqueue } from './enqueue.ts';
import { handleOnce, handleRepeatably, type JobHandler, jobType } from './job.ts';
import { workOf } from './registry.ts';
import { countJobs, listDeadJobs } from './store.ts';

const Payload = z.strictObject({ text: z.string() });
const kind = (name: string, options: { timeoutMs?: number; attempts?: number } = {}) =>
  jobType<typeof Payload>({ name: `test.${name}`, payload: Payload, attempts: 3, backoffMs: 20, ...options });

describe('the list of all jobs', () => {
  const job = kind('listed');
  const handler = handleOnce(job, async () => {});

  test.each([
    ['a job without a handler', [job], [], 'the job test.listed has no handler'],
    ['a job with two', [job], [handler, handler], 'the job test.listed has two handlers'],
    ['two jobs of one name', [job, job], [handler], 'two jobs are called test.listed'],
    ['a handler of an unlisted job', [], [handler], 'the job test.listed is not listed'],
  ])('is refused with %s', (_, jobs, handlers, message) => {
    expect(() => workOf(jobs, handlers, [])).toThrow(message);
  });
});

describe.each([
  { backend: 'PostgreSQL', needs: true, open: async () => undefined },
  { backend: 'Redis (needs redis-server)', needs: redisServer !== undefined, open: () => startTestRedis() },
])('jobs on $backend', ({ backend, needs, open }) => {
  const clock = { aheadMs: 0, now: () => new Date(Date.now() + clock.aheadMs) };
  let redis: TestRedis | undefined;
  let server: TestServer;
  let ctx: Context;
  let workers: RunningWorker[] = [];

  beforeAll(async () => {
    if (!needs) return;
    redis = await open();
    server = await startTestServer(redis ? { REDIS_URL: redis.url } : {}, { clock });
    ctx = contextOfProcess(server.resources, null);
    const owner = new pg.Client({ connectionString: server.databaseUrl });
    await owner.connect();
    await owner.query('create table notes (text text); grant all on notes to sojourn_app');
    await owner.end();
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    workers = [];
  });
  afterAll(async () => {
    await server?.stop();
    await redis?.remove();
  });

  function work(...handlers: JobHandler[]) {
    const worker = startWorker(
      server.resources,
      workOf(
        handlers.map(({ job }) => job),
        handlers,
        [],
      ),
    );
    workers.push(worker);
    return worker;
  }
  const want = (job: ReturnType<typeof kind>, text: string, more: { runAt?: Date; key?: string } = {}) =>
    transaction(ctx, (tx) => enqueue(ctx, tx, job, { payload: { text }, ...more }));
  const write = ({ db }: Context, text: string) =>
    db
      .insertInto('notes' as never)
      .values({ text } as never)
      .execute();
  const notes = async (prefix: string) => {
    const { rows } = await server.resources.pool.query<{ text: string }>(
      "select text from notes where text like $1 || '%' order by text",
      [prefix],
    );
    return rows.map(({ text }) => text);
  };
  const nothingLeft = async () =>
    (await countJobs(ctx.db)).every(({ scheduled, dispatched }) => scheduled + dispatched === 0);

  const it = test.skipIf(!needs);

  it('are done when their transaction commits, and never else', async () => {
    const job = kind('commits');
    await want(job, 'commits: kept');
    await transaction(ctx, async (tx) => {
      await enqueue(ctx, tx, job, { payload: { text: 'commits: taken back' } });
      throw new Error('no');
    }).catch(() => {});
    work(handleOnce(job, async (inside, { text }) => void (await write(inside, text))));
    await until('the job is done', async () => (await notes('commits')).length > 0 && nothingLeft());
    expect(await notes('commits')).toEqual(['commits: kept']);
  });

  it('wait for their time, by the clock of the marketplace', async () => {
    const job = kind('waits');
    await want(job, 'waits', { runAt: new Date(clock.now().getTime() + 86_400_000) });
    work(handleOnce(job, async (inside, { text }) => void (await write(inside, text))));
    await wait(400);
    expect(await notes('waits')).toEqual([]);
    clock.aheadMs += 86_400_000;
    await until('its time has come', async () => (await notes('waits')).length === 1);
  });

  it('are wanted once while one of the same key waits', async () => {
    const job = kind('keyed');
    for (const text of ['keyed: first', 'keyed: second']) await want(job, text, { key: 'the same' });
    await want(job, 'keyed: other', { key: 'another' });
    work(handleOnce(job, async (inside, { text }) => void (await write(inside, text))));
    await until('both are done', async () => (await notes('keyed')).length === 2 && nothingLeft());
    expect(await notes('keyed')).toEqual(['keyed: first', 'keyed: other']);
  });

  it('that fail leave nothing behind, and are tried again', async () => {
    const job = kind('again');
    let failures = 2;
    work(
      handleOnce(job, async (inside, { text }) => {
        await write(inside, text);
        if (failures-- > 0) throw new Error('after it wrote');
      }),
    );
    await want(job, 'again');
    await until('it succeeded', async () => (await notes('again')).length > 0 && nothingLeft());
    expect(await notes('again')).toEqual(['again']);
  });

  it('that fail for good are dead, kept and visible', async () => {
    const job = kind('dead');
    let tries = 0;
    work(
      handleRepeatably(job, async () => {
        tries += 1;
        throw new Error('no way');
      }),
    );
    await want(job, 'dead');
    const dead = async () =>
      (await listDeadJobs(ctx.db, 'default', 10)).filter(({ name }) => name === job.name);
    await until('it is dead', async () => (await dead()).length === 1);
    expect(await dead()).toMatchObject([{ payload: { text: 'dead' }, error: 'no way' }]);
    expect(tries).toBe(3);
  });

  it('that take too long fail, and their signal is aborted', async () => {
    const job = kind('slow', { timeoutMs: 100, attempts: 1 });
    const reasons: string[] = [];
    work(
      handleRepeatably(job, (_ctx, _payload, { signal }) => {
        signal.addEventListener('abort', () => reasons.push(String(signal.reason)));
        return new Promise(() => {});
      }),
    );
    await want(job, 'slow');
    const dead = async () =>
      (await listDeadJobs(ctx.db, 'default', 10)).filter(({ name }) => name === job.name);
    await until('it is dead', async () => (await dead()).length === 1);
    expect((await dead())[0]!.error).toBe('test.slow took longer than 100 ms.');
    expect(reasons).toHaveLength(1);
  });

  it('that their queue has lost are added again', async () => {
    const job = kind('lost');
    await want(job, 'lost');
    // As after a crash between taking it and adding it, or after an emptied Redis: its row says that the queue has it.
    await server.resources.pool.query("update jobs set dispatched_at = $1 where name = 'test.lost'", [
      new Date(clock.now().getTime() - 60_000),
    ]);
    work(handleOnce(job, async (inside, { text }) => void (await write(inside, text))));
    await until('it was found', async () => (await notes('lost')).length === 1);
  });

  it('that their queue has given up are dead, although nobody was left to say so', async () => {
    const job = kind('silent', { attempts: 1 });
    work(
      handleRepeatably(job, async () => {
        throw new Error('no way');
      }),
    );
    await want(job, 'silent');
    const dead = async () =>
      (await listDeadJobs(ctx.db, 'default', 10)).filter(({ name }) => name === job.name);
    await until('it is dead', async () => (await dead()).length === 1);
    // As after a crash between the failure and the row.
    await server.resources.pool.query(
      "update jobs set dead_at = null, error = null, dispatched_at = $1 where name = 'test.silent'",
      [new Date(clock.now().getTime() - 60_000)],
    );
    await until('it is dead again', async () => (await dead()).length === 1);
    expect((await dead())[0]!.error).toBe('no way');
  });

  it('run by their schedule', async () => {
    const job = jobType({ name: 'test.scheduled', payload: z.strictObject({}), schedule: { everyMs: 200 } });
    let runs = 0;
    work(
      handleRepeatably(job, async () => {
        runs += 1;
      }),
    );
    await until('it ran three times', () => runs >= 3);
  });

  it('that run are finished when the process stops', async () => {
    const job = kind('draining');
    let begun = false;
    const worker = work(
      handleRepeatably(job, async (inside, { text }) => {
        begun = true;
        await wait(700);
        await write(inside, text);
      }),
    );
    await want(job, 'draining');
    await until('it runs', () => begun);
    await worker.close();
    expect(await notes('draining')).toEqual(['draining']);
    expect(await nothingLeft()).toBe(true);
  });

  const onRedis = backend === 'PostgreSQL' ? () => {} : it;
  onRedis(
    'go on after Redis was away',
    async () => {
      const job = kind('outage');
      work(handleOnce(job, async (inside, { text }) => void (await write(inside, text))));
      await redis!.kill();
      for (let i = 0; i < 20; i++) await want(job, `outage ${i}`);
      await wait(500);
      await redis!.start();
      await until('all are done', async () => (await notes('outage')).length === 20 && nothingLeft(), 40_000);
      expect(new Set(await notes('outage')).size).toBe(20);
    },
    60_000,
  );
});
