import type { JobType, Queue } from 'bullmq';
import { ask } from './ask.ts';
import type { QueueName } from './queue-names.ts';
import type { Queues } from './queues.ts';

/** How a queue stands, as BullMQ tells it. */
export interface QueueState {
  name: QueueName;
  paused: boolean;
  waiting: number;
  active: number;
  /** Failed, and waiting for their next attempt; or the next run of a schedule. */
  delayed: number;
  failed: number;
}

/** @throws QueuesAway when the queues do not answer in time. */
export const readQueueStates = (queues: Queues): Promise<QueueState[]> =>
  ask(() => Promise.all(queues.all().map(stateOf)));

export async function stateOf(queue: Queue): Promise<QueueState> {
  const [paused, counts] = await Promise.all([queue.isPaused(), countHeld(queue)]);
  const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
  return { name: queue.name as QueueName, paused, waiting, active, delayed, failed };
}

/** How many jobs BullMQ holds in each state. On PostgreSQL it calls those that wait in a paused queue `paused`. */
export async function countHeld(queue: Queue): Promise<Record<string, number>> {
  const states = [
    'waiting',
    'paused',
    'active',
    'delayed',
    'failed',
    'completed',
    'prioritized',
    'waiting-children',
  ];
  const { paused = 0, waiting = 0, ...counts } = await queue.getJobCounts(...(states as JobType[]));
  return { ...counts, waiting: waiting + paused };
}
