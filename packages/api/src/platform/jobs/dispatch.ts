import type { BulkJobOptions, Queue } from 'bullmq';
import type { Context } from '../context.ts';
import type { Share } from '../events/consumption.ts';
import type { JobHandler, JobType } from './job.ts';
import type { QueueName } from './queue-names.ts';
import type { Queues } from './queues.ts';
import { buryJob, claimDueJobs, claimOverdueJobs, type DispatchedJob, giveBackJobs } from './store.ts';

/** What a queue is told of a job. The row in PostgreSQL has the same id. */
export interface QueuedJob {
  /** Undefined for a job that runs by its schedule, which has no row. */
  id?: string;
  payload: unknown;
}

/** The name of the job that lets a consumer take its new events. */
export const CONSUME = 'events.consume';

const DUE_BATCH = 1_000;
const OVERDUE_BATCH = 500;
/** After this long in its queue a job is looked for there, in milliseconds. */
const OVERDUE_AFTER_MS = 15_000;
/** How many failed jobs a queue keeps to be looked at; the dead ones are all kept in PostgreSQL. */
const KEEP_FAILED = 1_000;

const optionsOf = ({ attempts, backoffMs }: JobType): BulkJobOptions => ({
  attempts,
  backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: { count: KEEP_FAILED },
});

/** A job that has no row, because what it does is in tables of its own. */
export interface Wake {
  name: string;
  /** What the job works at. */
  key: string;
  payload: unknown;
}

/** Lets work go on. Where a job is at it already, it goes on when that is through: nothing is asked twice. */
export async function wake(queues: Queues, queue: QueueName, wakes: readonly Wake[]): Promise<void> {
  if (wakes.length === 0) return;
  await queues.of(queue).addBulk(
    wakes.map(({ name, key, payload }) => ({
      name,
      data: { payload } satisfies QueuedJob,
      opts: {
        deduplication: { id: key, keepLastIfActive: true },
        attempts: 3,
        backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
        removeOnComplete: true,
        removeOnFail: true,
      },
    })),
  );
}

/** Lets consumers take what is new. */
export const wakeConsumers = (queues: Queues, shares: readonly Share[]): Promise<void> =>
  wake(
    queues,
    'events',
    shares.map((share) => ({ name: CONSUME, key: `${share.consumer}/${share.partition}`, payload: share })),
  );

/** Every share of these partitions. */
export const sharesOf = (consumers: readonly { name: string }[], partitions: readonly number[]): Share[] =>
  consumers.flatMap(({ name }) => partitions.map((partition) => ({ consumer: name, partition })));

type JobTypes = ReadonlyMap<string, JobHandler>;

/** Gives jobs whose time has come to their queues; answers whether there may be more. */
export async function dispatchDue(ctx: Context, queues: Queues, types: JobTypes): Promise<boolean> {
  const jobs = await claimDueJobs(ctx.db, ctx.clock.now(), DUE_BATCH);
  try {
    await add(queues, types, jobs);
  } catch (error) {
    // Those that were added all the same are known by their ids when they come again.
    await giveBackJobs(
      ctx.db,
      jobs.map(({ id }) => id),
    );
    throw error;
  }
  return jobs.length === DUE_BATCH;
}

/**
 * Looks after jobs that their queue has had for a while. One that it has given up is dead (the process that saw it fail
 * died before it could say so). All others are added again: that brings back what the queue has lost, because Redis was
 * emptied or a process died before it added them, and changes nothing of what it knows by its id.
 */
export async function dispatchLost(ctx: Context, queues: Queues, types: JobTypes): Promise<void> {
  const now = ctx.clock.now();
  // What is overdue is a matter of the machine, not of the marketplace's clock, but both ends of it are read from one.
  const before = new Date(now.getTime() - OVERDUE_AFTER_MS);
  const jobs = await claimOverdueJobs(ctx.db, now, before, OVERDUE_BATCH);
  const failed = new Set<string>();
  for (const name of new Set(jobs.map(({ queue }) => queue)))
    for (const id of await queues.of(name).getRanges(['failed'], 0, KEEP_FAILED)) failed.add(id);
  for (const { id, queue } of jobs.filter((job) => failed.has(job.id)))
    await buryJob(ctx.db, id, now, await reasonOf(queues.of(queue), id));
  await add(
    queues,
    types,
    jobs.filter(({ id }) => !failed.has(id)),
  );
}

const reasonOf = async (queue: Queue, id: string) => (await queue.getJob(id))?.failedReason ?? 'failed';

async function add(queues: Queues, types: JobTypes, jobs: readonly DispatchedJob[]): Promise<void> {
  const byQueue = Map.groupBy(jobs, ({ queue }) => queue);
  for (const [name, ofQueue] of byQueue)
    await queues.of(name).addBulk(
      ofQueue.map(({ id, name: jobName, payload }) => ({
        name: jobName,
        data: { id, payload } satisfies QueuedJob,
        opts: { ...(types.has(jobName) ? optionsOf(types.get(jobName)!.job) : {}), jobId: id },
      })),
    );
}

/** Lets jobs that run every so often run now, once, beside their schedule: time has moved. */
export async function runSchedulesNow(queues: Queues): Promise<void> {
  for (const queue of queues.all()) {
    const schedules = await queue.getJobSchedulers();
    const wakes = schedules
      .filter(({ every }) => every)
      .map(({ name }) => ({ name, key: `schedule/${name}`, payload: {} }));
    await wake(queues, queue.name as QueueName, wakes);
  }
}

/** Keeps the schedules of jobs that run by themselves; an emptied Redis gets them back. */
export async function ensureSchedules(queues: Queues, handlers: Iterable<JobHandler>): Promise<void> {
  for (const { job } of handlers) {
    if (!job.schedule) continue;
    const repeat =
      'cron' in job.schedule ? { pattern: job.schedule.cron, tz: 'UTC' } : { every: job.schedule.everyMs };
    // A run that fails is not tried again: the next one is on its way.
    await queues.of(job.queue).upsertJobScheduler(job.name, repeat, {
      name: job.name,
      data: { payload: {} } satisfies QueuedJob,
      opts: { ...optionsOf(job), attempts: 1, removeOnFail: { count: 20 } },
    });
  }
}
