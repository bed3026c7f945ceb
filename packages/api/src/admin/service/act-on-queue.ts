import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { retrySetAside } from '../../platform/events/consumption.ts';
import { emit } from '../../platform/events/emit.ts';
import type { QueueName } from '../../platform/jobs/queue-names.ts';
import { stateOf } from '../../platform/jobs/state.ts';
import { listDeadIds, removeWaitingJobs, reviveJobs } from '../../platform/jobs/store.ts';
import { queueDrained, queuePaused, queueResumed, queueRetried } from '../events.ts';
import type { QueueAct } from '../model/queues.ts';
import { queueNamed, queuesAnswer } from './queues-answer.ts';

/** Stops the work at a queue in all processes. What comes meanwhile waits. */
export async function pauseQueue(ctx: Context, name: string, reason: string): Promise<QueueAct> {
  const queue = queueNamed(name);
  await queuesAnswer(() => ctx.queues.of(queue).pause());
  await transaction(ctx, (tx) => emit(ctx, tx, queuePaused, { ...byActor(ctx), data: { queue, reason } }));
  return { queue, paused: true, count: 0 };
}

export async function resumeQueue(ctx: Context, name: string, reason: string): Promise<QueueAct> {
  const queue = queueNamed(name);
  await queuesAnswer(() => ctx.queues.of(queue).resume());
  await transaction(ctx, (tx) => emit(ctx, tx, queueResumed, { ...byActor(ctx), data: { queue, reason } }));
  return { queue, paused: false, count: 0 };
}

const RETRY_BATCH = 200;
/** Dead jobs that one call takes at most, so that it ends. */
const RETRY_LIMIT = 5_000;

/** Lets dead jobs be tried again; of the queue `events`, the events that were set aside. */
export async function retryQueue(ctx: Context, name: string, reason: string): Promise<QueueAct> {
  const queue = queueNamed(name);
  const paused = await queuesAnswer(() => ctx.queues.of(queue).isPaused());
  const ids = await listDeadIds(ctx.db, queue, RETRY_LIMIT);
  // What BullMQ remembers as failed it would not take again.
  for (let i = 0; i < ids.length; i += RETRY_BATCH) await forget(ctx, queue, ids.slice(i, i + RETRY_BATCH));
  const count = await transaction(ctx, async (tx) => {
    const events = queue === 'events' ? await retrySetAside(tx, ctx.clock.now()) : 0;
    const revived = events + (await reviveJobs(tx, ids));
    await emit(ctx, tx, queueRetried, { ...byActor(ctx), data: { queue, reason, count: revived } });
    return revived;
  });
  return { queue, paused, count };
}

const forget = (ctx: Context, queue: QueueName, ids: readonly string[]) =>
  queuesAnswer(() => Promise.all(ids.map((id) => ctx.queues.of(queue).remove(id))));

/**
 * Forgets all jobs of a queue that wait for their turn or for their time, and does not touch those at work, the dead, or
 * schedules. Of the queue `events` only wakings are removed: no event is lost, and who is behind is woken again.
 */
export async function drainQueue(ctx: Context, name: string, reason: string): Promise<QueueAct> {
  const queue = queueNamed(name);
  const held = ctx.queues.of(queue);
  const { paused, waiting } = await queuesAnswer(() => stateOf(held));
  // The rows go first: a job whose row is gone does nothing, while a row whose job is gone gets a new one.
  const count = await transaction(ctx, async (tx) => {
    const removed = queue === 'events' ? waiting : await removeWaitingJobs(tx, queue);
    await emit(ctx, tx, queueDrained, { ...byActor(ctx), data: { queue, reason, count: removed } });
    return removed;
  });
  await queuesAnswer(() => held.drain(true));
  return { queue, paused, count };
}

/** Of what these events tell. Admins see everything, and nobody else sees them. */
const byActor = (ctx: Context) => ({ subjectId: actorOf(ctx).userId, audience: [] });
