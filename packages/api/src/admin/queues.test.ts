import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Caller, callerOf, newPerson } from '../../test/caller.ts';
import { redisServer } from '../../test/programs.ts';
import { startTestRedis, type TestRedis } from '../../test/redis.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { type Context, contextOfProcess, transaction } from '../platform/context.ts';
import { consumer } from '../platform/events/consumer.ts';
import { emit } from '../platform/events/emit.ts';
import { eventType } from '../platform/events/event.ts';
import { newUuid } from '../platform/id.ts';
import { enqueue } from '../platform/jobs/enqueue.ts';
import { handleOnce, jobType } from '../platform/jobs/job.ts';
import { workOf } from '../platform/jobs/registry.ts';
import { type RunningWorker, startWorker } from '../worker.ts';

const SUBJECT = newUuid(new Date());
const REASON = { reason: 'a test of the queues' };

const noted = eventType({
  type: 'test.noted',
  subject: 'user',
  summary: 'Something was noted.',
  data: z.object({ text: z.string() }),
});
const send = jobType({
  name: 'test.send',
  queue: 'mail',
  payload: z.object({ to: z.string() }),
  attempts: 2,
  backoffMs: 10,
});

describe.each([
  { backend: 'postgres' as const, name: 'on PostgreSQL', possible: true },
  { backend: 'redis' as const, name: 'on Redis (needs redis-server)', possible: redisServer !== undefined },
])('the queues $name', ({ backend, possible }) => {
  describe.skipIf(!possible)('as admins see them', () => {
    let redis: TestRedis | undefined;
    let server: TestServer;
    let ctx: Context;
    let admin: Caller;
    let adminId: string;
    let worker: RunningWorker | undefined;
    let isBroken = true;
    const sent: string[] = [];
    const heard: string[] = [];

    const things = workOf(
      [send],
      [
        handleOnce(send, async (_ctx, { to }) => {
          if (isBroken) throw new Error('the mail server is away');
          sent.push(to);
        }),
      ],
      [
        consumer({
          name: 'test.note',
          types: [noted.type],
          handle: async (_ctx, events) => void heard.push(...events.map(({ data }) => String(data.text))),
        }),
      ],
    );
    const sendTo = (to: string, runAt?: Date) =>
      transaction(ctx, (tx) => enqueue(ctx, tx, send, { payload: { to }, ...(runAt && { runAt }) }));
    const note = (text: string) =>
      transaction(ctx, (tx) => emit(ctx, tx, noted, { subjectId: SUBJECT, audience: [], data: { text } }));
    const mail = async () => (await admin('GET', '/v1/admin/queues/mail')).body;
    const acts = async (type: string) =>
      (await admin('GET', `/v1/admin/audit-log?type=${type}&actor=${adminId}`)).body.data;

    beforeAll(async () => {
      if (backend === 'redis') redis = await startTestRedis();
      server = await startTestServer({ ...(redis && { REDIS_URL: redis.url }) });
      ctx = contextOfProcess(server.resources, null);
      admin = callerOf(server, server.credentials.admin.apiKey);
      adminId = (await admin('GET', '/v1/me')).body.id;
      worker = startWorker(server.resources, things);
    });
    afterAll(async () => {
      await worker?.close();
      await server?.stop();
      await redis?.remove();
      expect(server.breaches).toEqual([]);
    });

    test('a job that fails for good is dead, can be seen, and is done once it is retried', async () => {
      await sendTo('ada@example.com');
      await expect.poll(async () => (await mail()).counts.dead, { timeout: 10_000 }).toBe(1);

      const queue = await mail();
      expect(queue).toMatchObject({ name: 'mail', paused: false, oldestDueSeconds: null });
      expect(queue.counts).toMatchObject({ waiting: 0, active: 0, failed: 1, scheduled: 0, dispatched: 0 });
      expect(queue.jobs).toEqual([
        {
          id: expect.stringMatching(/^job_/),
          name: 'test.send',
          state: 'dead',
          payload: { to: 'ada@example.com' },
          error: 'the mail server is away',
          attempts: null,
          createdAt: expect.any(String),
          at: expect.any(String),
        },
      ]);

      isBroken = false;
      const { body } = await admin('POST', '/v1/admin/queues/mail/retry', { body: REASON });
      expect(body).toEqual({ queue: 'mail', paused: false, count: 1 });
      await expect.poll(() => sent, { timeout: 10_000 }).toEqual(['ada@example.com']);
      await expect.poll(async () => (await mail()).jobs, { timeout: 10_000 }).toEqual([]);
      await expect
        .poll(() => acts('queue.retried'), { timeout: 10_000 })
        .toMatchObject([
          { actor: { id: adminId }, subject: { id: adminId }, data: { queue: 'mail', count: 1, ...REASON } },
        ]);
    });

    test('pausing stops the work at a queue, resuming lets it go on', async () => {
      const paused = await admin('POST', '/v1/admin/queues/mail/pause', { body: REASON });
      expect(paused.body).toEqual({ queue: 'mail', paused: true, count: 0 });
      sent.length = 0;
      await sendTo('bo@example.com');
      await expect.poll(async () => (await mail()).counts.waiting, { timeout: 10_000 }).toBe(1);
      const queue = await mail();
      expect(queue).toMatchObject({ paused: true, counts: { dispatched: 1 } });
      expect(queue.jobs).toMatchObject([{ state: 'waiting', payload: { to: 'bo@example.com' } }]);
      expect(queue.oldestDueSeconds).toBeGreaterThanOrEqual(0);
      await wait(500);
      expect(sent).toEqual([]);

      await admin('POST', '/v1/admin/queues/mail/resume', { body: REASON });
      await expect.poll(() => sent, { timeout: 10_000 }).toEqual(['bo@example.com']);
      await expect.poll(async () => (await acts('queue.paused')).length, { timeout: 10_000 }).toBe(1);
      await expect.poll(async () => (await acts('queue.resumed')).length, { timeout: 10_000 }).toBe(1);
    });

    test('draining removes what waits for its turn or its time, and nothing comes back', async () => {
      await admin('POST', '/v1/admin/queues/mail/pause', { body: REASON });
      sent.length = 0;
      await sendTo('cy@example.com');
      await sendTo('di@example.com', new Date(Date.now() + 3_600_000));
      await expect.poll(async () => (await mail()).counts.waiting, { timeout: 10_000 }).toBe(1);
      expect((await mail()).counts).toMatchObject({ scheduled: 1, dispatched: 1 });

      const { body } = await admin('POST', '/v1/admin/queues/mail/drain', { body: REASON });
      expect(body).toEqual({ queue: 'mail', paused: true, count: 2 });
      expect((await mail()).counts).toMatchObject({ waiting: 0, delayed: 0, scheduled: 0, dispatched: 0 });
      await admin('POST', '/v1/admin/queues/mail/resume', { body: REASON });
      await sendTo('ed@example.com');
      await expect.poll(() => sent, { timeout: 10_000 }).toEqual(['ed@example.com']);
    });

    test('draining the wakings of consumers loses no event', async () => {
      await admin('POST', '/v1/admin/queues/events/pause', { body: REASON });
      await note('one');
      const behind = async () => {
        const { body } = await admin('GET', '/v1/admin/queues');
        return body.relay.consumers.find(({ name }: { name: string }) => name === 'test.note');
      };
      await expect.poll(async () => (await behind()).behind, { timeout: 10_000 }).toBeGreaterThan(0);
      expect((await behind()).oldestSeconds).toBeGreaterThanOrEqual(0);
      await admin('POST', '/v1/admin/queues/events/drain', { body: REASON });
      await admin('POST', '/v1/admin/queues/events/resume', { body: REASON });
      await note('two');
      await expect.poll(() => [...heard].sort(), { timeout: 15_000 }).toEqual(['one', 'two']);
      await expect
        .poll(async () => await behind(), { timeout: 10_000 })
        .toMatchObject({ behind: 0, oldestSeconds: null });
    });

    test('an event that was set aside is shown, and tried again by retrying', async () => {
      const [{ sequence }] = (
        await server.resources.pool.query(
          'select sequence, partition, subject_id from events where type = $1',
          [noted.type],
        )
      ).rows;
      await server.resources.pool.query(
        `insert into event_retries (consumer, sequence, partition, subject_id, attempts, error)
         select 'test.note', sequence, partition, subject_id, 8, 'no such thing' from events where sequence = $1`,
        [sequence],
      );
      expect((await admin('GET', '/v1/admin/queues/events')).body.setAside).toEqual([
        { consumer: 'test.note', sequence, type: 'test.noted', attempts: 8, error: 'no such thing' },
      ]);
      const before = heard.length;
      const { body } = await admin('POST', '/v1/admin/queues/events/retry', { body: REASON });
      expect(body.count).toBe(1);
      await expect.poll(() => heard.length, { timeout: 15_000 }).toBe(before + 1);
    });

    test('are measured', async () => {
      const { text } = await admin('GET', '/metrics');
      expect(text).toContain('queue_jobs{queue="mail",state="waiting"}');
      expect(text).toMatch(/queue_paused\{queue="mail"\} [01]/);
      expect(text).toMatch(/events_outbox \d/);
      expect(text).toContain('events_behind{consumer="test.note"}');
    });

    test('an act needs a reason, and a queue that exists', async () => {
      for (const body of [{}, { reason: 'no' }, { reason: '  a  ' }, { reason: 'x'.repeat(501) }]) {
        const answer = await admin('POST', '/v1/admin/queues/mail/drain', { body });
        expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([422, '/reason']);
      }
      for (const verb of ['pause', 'resume', 'retry', 'drain']) {
        const answer = await admin('POST', `/v1/admin/queues/nothing/${verb}`, { body: REASON });
        expect([answer.status, answer.body.code]).toEqual([404, 'queue_not_found']);
      }
      expect((await admin('GET', '/v1/admin/queues/nothing')).body.code).toBe('queue_not_found');
    });

    test('nobody but admins sees or changes anything', async () => {
      const { call } = await newPerson(server);
      for (const [method, path] of [
        ['GET', '/v1/admin/queues'],
        ['GET', '/v1/admin/queues/mail'],
        ['GET', '/v1/admin/audit-log'],
        ['POST', '/v1/admin/queues/mail/pause'],
      ] as const) {
        const answer = await call(method, path, method === 'POST' ? { body: REASON } : {});
        expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'insufficient_scope']);
      }
      expect((await mail()).paused).toBe(false);
    });

    const onRedis = backend === 'redis' ? test : () => {};
    onRedis('while Redis is away, it is said within two seconds', async () => {
      redis!.freeze();
      try {
        for (const [method, path] of [
          ['GET', '/v1/admin/queues'],
          ['GET', '/v1/admin/queues/mail'],
          ['POST', '/v1/admin/queues/mail/pause'],
        ] as const) {
          const answer = await admin(method, path, method === 'POST' ? { body: REASON } : {});
          expect([path, answer.status, answer.body.code]).toEqual([path, 503, 'queues_unavailable']);
        }
        expect((await admin('GET', '/metrics')).text).toContain('http_request_duration_seconds');
      } finally {
        redis!.thaw();
      }
      await expect
        .poll(async () => (await admin('GET', '/v1/admin/queues')).status, { timeout: 10_000 })
        .toBe(200);
    });
  });
});
