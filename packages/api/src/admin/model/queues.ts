import type { SetAside } from '../../platform/events/consumption.ts';
import type { RelayState } from '../../platform/events/lag.ts';
import type { QueueName } from '../../platform/jobs/queue-names.ts';
import type { QueueState } from '../../platform/jobs/state.ts';
import type { JobCounts } from '../../platform/jobs/store.ts';

/** A queue at a glance: what BullMQ holds of it, and what the database knows that it does not. */
export interface QueueOverview extends QueueState {
  purpose: string;
  scheduled: number;
  dispatched: number;
  dead: number;
  /** Seconds since the oldest job that is not done was due; null when there is none. */
  oldestDueSeconds: number | null;
}

export const JOB_STATES = ['dead', 'failed', 'active', 'waiting', 'delayed', 'scheduled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A job as an admin looks at it. */
export interface ShownJob {
  /** Null for what has no row: a run of a schedule, the waking of a consumer. */
  id: string | null;
  name: string;
  state: JobState;
  payload: unknown;
  error: string | null;
  attempts: number | null;
  createdAt: Date;
  /** Since when it is in this state; of a scheduled or delayed job, when it is due. Null where that is not told. */
  at: Date | null;
}

export interface QueuesAtAGlance {
  backend: 'postgres' | 'redis';
  queues: QueueOverview[];
  relay: RelayState;
}

export interface QueueInside extends QueueOverview {
  jobs: ShownJob[];
  /** Of the queue `events` only: events that a consumer could not take. */
  setAside: SetAside[];
}

/** What an act on a queue did. */
export interface QueueAct {
  queue: QueueName;
  paused: boolean;
  count: number;
}

const NONE = { scheduled: 0, dispatched: 0, dead: 0, oldestRunAt: null };

export function overviewOf(
  state: QueueState,
  purpose: string,
  counts: Omit<JobCounts, 'queue'> | undefined,
  now: Date,
): QueueOverview {
  const { scheduled, dispatched, dead, oldestRunAt } = counts ?? NONE;
  return { ...state, purpose, scheduled, dispatched, dead, oldestDueSeconds: secondsSince(oldestRunAt, now) };
}

/** Whole seconds since an instant; null when there is none, or it has not come. */
export function secondsSince(instant: Date | null, now: Date): number | null {
  if (!instant || instant > now) return null;
  return Math.floor((now.getTime() - instant.getTime()) / 1_000);
}
