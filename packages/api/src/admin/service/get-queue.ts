import type { Job, Queue } from 'bullmq';
import type { Context } from '../../platform/context.ts';
import { listSetAside } from '../../platform/events/consumption.ts';
import type { QueuedJob } from '../../platform/jobs/dispatch.ts';
import type { QueueName } from '../../platform/jobs/queue-names.ts';
import { listDeadJobs, listScheduledJobs } from '../../platform/jobs/store.ts';
import { JOB_STATES, type JobState, type QueueInside, type ShownJob } from '../model/queues.ts';
import { overviews } from './list-queues.ts';
import { queueNamed, queuesAnswer } from './queues-answer.ts';

export interface Look {
  state?: JobState | undefined;
  /** Jobs of each state. */
  limit: number;
}

export async function getQueue(ctx: Context, name: string, { state, limit }: Look): Promise<QueueInside> {
  const queue = queueNamed(name);
  const wanted = state ? [state] : JOB_STATES;
  const [all, setAside, jobs] = await Promise.all([
    overviews(ctx),
    queue === 'events' ? listSetAside(ctx.db, limit) : [],
    Promise.all(wanted.map((one) => jobsIn(ctx, queue, one, limit))),
  ]);
  return { ...all.find((one) => one.name === queue)!, jobs: jobs.flat(), setAside };
}

async function jobsIn(
  { db, queues }: Context,
  name: QueueName,
  state: JobState,
  limit: number,
): Promise<ShownJob[]> {
  const without = { state, error: null, attempts: null };
  if (state === 'dead') {
    const dead = await listDeadJobs(db, name, limit);
    return dead.map(({ deadAt, ...job }) => ({ ...without, ...job, at: deadAt }));
  }
  if (state === 'scheduled') {
    const scheduled = await listScheduledJobs(db, name, limit);
    return scheduled.map(({ runAt, ...job }) => ({ ...without, ...job, at: runAt }));
  }
  return heldJobs(queues.of(name), state, limit);
}

/** Jobs that BullMQ holds. One that failed for good is dead when it has a row; what has none is a run of a schedule. */
async function heldJobs(queue: Queue, state: Exclude<JobState, 'dead' | 'scheduled'>, limit: number) {
  const jobs = await queuesAnswer(() => queue.getJobs([state], 0, limit - 1, state !== 'failed'));
  return jobs
    .filter((job) => state !== 'failed' || (job.data as QueuedJob).id === undefined)
    .map((job) => toShownJob(job, state));
}

function toShownJob(job: Job, state: JobState): ShownJob {
  const { id, payload } = job.data as QueuedJob;
  const at = { active: job.processedOn, failed: job.finishedOn }[state as string];
  return {
    id: id ?? null,
    name: job.name,
    state,
    payload,
    error: job.failedReason ?? null,
    attempts: job.attemptsMade,
    createdAt: new Date(job.timestamp),
    at: at === undefined ? null : new Date(at),
  };
}
