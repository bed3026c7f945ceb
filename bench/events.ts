import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { readConfig } from '../packages/api/src/platform/config.ts';
import { type Context, contextOfProcess, transaction } from '../packages/api/src/platform/context.ts';
import { consumer } from '../packages/api/src/platform/events/consumer.ts';
import { emitAll } from '../packages/api/src/platform/events/emit.ts';
import { eventType } from '../packages/api/src/platform/events/event.ts';
import { sequenceOutbox } from '../packages/api/src/platform/events/sequence.ts';
import { enqueueAll } from '../packages/api/src/platform/jobs/enqueue.ts';
import { handleOnce, jobType } from '../packages/api/src/platform/jobs/job.ts';
import { QUEUES } from '../packages/api/src/platform/jobs/queue-names.ts';
import type { Queues } from '../packages/api/src/platform/jobs/queues.ts';
import { workOf } from '../packages/api/src/platform/jobs/registry.ts';
import { openResources } from '../packages/api/src/resources.ts';
import { startWorker } from '../packages/api/src/worker.ts';

const EVENTS = 20_000;
const JOBS = 5_000;
const RATE_PER_SECOND = 1_000;
const SECONDS = 8;

const measured = eventType({
  type: 'bench.measured',
  subject: 'user',
  summary: 'For measuring.',
  data: z.object({ at: z.number() }),
});
const noOp = jobType({ name: 'bench.noOp', payload: z.strictObject({ i: z.int().min(0).max(1_000_000) }) });

interface Lab {
  ctx: Context;
  queues: Queues;
  /** Told of every event that reached the handler. */
  onEvents(listener: (data: readonly { at: number }[]) => void): void;
  close(): Promise<void>;
}

/** P11 and the cost of the relay: on one backend, ours beside BullMQ alone. */
export async function benchEvents(folder: string, databaseUrl: string, redisUrl?: string) {
  const lab = await open(folder, databaseUrl, redisUrl);
  try {
    const numbered = await numberingRate(lab.ctx);
    const { close } = startIt(lab);
    const handled = await handlingRate(lab);
    const latency = await latencyAt(lab);
    const jobs = await jobRate(lab.ctx);
    await close();
    const bare = await bareJobRate(lab.queues);
    return {
      'events numbered/s, relay alone': numbered,
      'events/s, outbox to handler': handled,
      [`ms commit to handler at ${RATE_PER_SECOND}/s, p50`]: latency.p50,
      [`ms commit to handler at ${RATE_PER_SECOND}/s, p99`]: latency.p99,
      'jobs/s, durable and exactly once': jobs,
      'jobs/s, BullMQ alone': bare,
      'our share of a job': Math.round((jobs / bare) * 100) / 100,
    };
  } finally {
    await lab.close();
  }
}

let listener: (data: readonly { at: number }[]) => void = () => {};

const startIt = ({ ctx }: Lab) =>
  startWorker(
    ctx,
    workOf(
      [noOp],
      [handleOnce(noOp, async () => {})],
      [
        consumer({
          name: 'bench.measure',
          types: [measured.type],
          handle: async (_ctx, events) => listener(events.map(({ data }) => data as { at: number })),
        }),
      ],
    ),
  );

async function open(folder: string, databaseUrl: string, redisUrl: string | undefined): Promise<Lab> {
  const resources = await openResources(
    readConfig({
      DATABASE_URL: databaseUrl,
      SOJOURN_DATA_DIR: folder,
      LOG_LEVEL: 'error',
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
    }),
  );
  return {
    ctx: contextOfProcess(resources, null),
    queues: resources.queues,
    onEvents: (told) => {
      listener = told;
    },
    close: () => resources.close(),
  };
}

async function fill(ctx: Context, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1_000)
    await transaction(ctx, (tx) =>
      emitAll(
        ctx,
        tx,
        measured,
        Array.from({ length: 1_000 }, () => ({
          subjectId: randomUUID(),
          audience: [randomUUID()],
          data: { at: Date.now() },
        })),
      ),
    );
}

const perSecond = (count: number, startedAt: number) =>
  Math.round(count / ((performance.now() - startedAt) / 1_000));

async function numberingRate(ctx: Context): Promise<number> {
  await fill(ctx, EVENTS);
  const startedAt = performance.now();
  while ((await sequenceOutbox(ctx.db, 5_000)).count > 0);
  return perSecond(EVENTS, startedAt);
}

async function handlingRate({ ctx, onEvents }: Lab): Promise<number> {
  // The consumer takes its place first: it hears of what happens from then on.
  await wait(1_000);
  let left = EVENTS;
  const over = new Promise<void>((resolve) =>
    onEvents((events) => {
      left -= events.length;
      if (left <= 0) resolve();
    }),
  );
  const startedAt = performance.now();
  await fill(ctx, EVENTS);
  await over;
  return perSecond(EVENTS, startedAt);
}

async function latencyAt({ ctx, onEvents }: Lab): Promise<{ p50: number; p99: number }> {
  const latencies: number[] = [];
  onEvents((events) => latencies.push(...events.map(({ at }) => Date.now() - at)));
  const writing: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let sent = 0; sent < RATE_PER_SECOND * SECONDS; ) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * RATE_PER_SECOND);
    for (; sent < due; sent += 10)
      writing.push(
        transaction(ctx, (tx) =>
          emitAll(
            ctx,
            tx,
            measured,
            Array.from({ length: 10 }, () => ({
              subjectId: randomUUID(),
              audience: [randomUUID()],
              data: { at: Date.now() },
            })),
          ),
        ),
      );
    await wait(5);
  }
  await Promise.all(writing);
  while (latencies.length < RATE_PER_SECOND * SECONDS) await wait(20);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)]!;
  return { p50: at(0.5), p99: at(0.99) };
}

async function jobRate(ctx: Context): Promise<number> {
  const startedAt = performance.now();
  for (let done = 0; done < JOBS; done += 1_000)
    await transaction(ctx, (tx) =>
      enqueueAll(
        ctx,
        tx,
        noOp,
        Array.from({ length: 1_000 }, (_, i) => ({ payload: { i } })),
      ),
    );
  for (;;) {
    const left = await ctx.db.selectFrom('jobs').select('id').limit(1).execute();
    if (left.length === 0) return perSecond(JOBS, startedAt);
    await wait(10);
  }
}

/** The same number of jobs that do nothing, added in the same portions, by BullMQ as it comes. */
async function bareJobRate(queues: Queues): Promise<number> {
  const queue = queues.of('default');
  let left = JOBS;
  const startedAt = performance.now();
  const over = new Promise<void>((resolve) => {
    const worker = queues.openWorker(
      'default',
      async () => {
        left -= 1;
        if (left === 0) setImmediate(() => void worker.close().then(resolve));
      },
      { concurrency: QUEUES.default.concurrency },
    );
  });
  for (let done = 0; done < JOBS; done += 1_000)
    await queue.addBulk(
      Array.from({ length: 1_000 }, (_, i) => ({
        name: 'bare',
        data: { i },
        opts: { jobId: randomUUID(), removeOnComplete: true },
      })),
    );
  await over;
  return perSecond(JOBS, startedAt);
}
