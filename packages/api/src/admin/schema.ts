import { line } from '@sojourn/shared/text';
import { z } from 'zod';
import { PARTITIONS } from '../platform/events/event.ts';
import { COUNTED_IN_OUTBOX, COUNTED_PER_PARTITION, type RelayState } from '../platform/events/lag.ts';
import { EventView } from '../platform/events/view.ts';
import { pageOf, pageQuery } from '../platform/http/cursor.ts';
import { publicId } from '../platform/id.ts';
import { QUEUE_NAMES } from '../platform/jobs/queue-names.ts';
import {
  JOB_STATES,
  type QueueInside,
  type QueueOverview,
  type QueuesAtAGlance,
  type ShownJob,
  secondsSince,
} from './model/queues.ts';

const WHEN = '2026-11-23T09:30:00.000Z';
const MOST = Number.MAX_SAFE_INTEGER - 1;
const REASON = 'The mail server is back; ticket 4711.';

const count = (description: string, max = MOST) => z.int().min(0).max(max).meta({ description });
const seconds = (description: string) => z.int().min(0).max(MOST).nullable().meta({ description });
const instant = z.iso.datetime();

export const QueueParams = z.strictObject({
  queue: z
    .string()
    .max(100)
    .meta({
      description: `One of ${QUEUE_NAMES.map((name) => `\`${name}\``).join(', ')}.`,
      examples: ['mail'],
    }),
});
export const QueueQuery = z.strictObject({
  state: z.enum(JOB_STATES).optional().meta({ description: 'Only jobs in this state.' }),
  limit: pageQuery.limit.meta({ description: 'Jobs of each state.' }),
});
export const ReasonBody = z
  .strictObject({
    reason: line(500)
      .min(3)
      .meta({ description: 'Why, for the audit log.', examples: [REASON] }),
  })
  .meta({ id: 'Reason', examples: [{ reason: REASON }] });

const QUEUE = {
  name: 'mail',
  purpose: 'Sends mail.',
  paused: false,
  counts: { waiting: 0, active: 2, delayed: 1, failed: 3, scheduled: 12, dispatched: 3, dead: 3 },
  oldestDueSeconds: 4,
};
const JOB = {
  id: 'job_01j9z6t8v2e4m8q0r5s7x3y1ka',
  name: 'mail.send',
  state: 'dead' as const,
  payload: { messageId: '7' },
  error: 'connect ECONNREFUSED 203.0.113.7:587',
  attempts: null,
  createdAt: WHEN,
  at: WHEN,
};
const SET_ASIDE = {
  consumer: 'notifications.notify',
  sequence: 1207,
  type: 'listing.published',
  attempts: 8,
  error: 'null value in column "title"',
};

export const QueueView = z
  .object({
    name: z.string(),
    purpose: z.string(),
    paused: z
      .boolean()
      .meta({ description: 'Whether the work at it was stopped. What comes meanwhile waits.' }),
    counts: z
      .object({
        waiting: count('In the queue, for their turn.'),
        active: count('At work.'),
        delayed: count('In the queue, for their next attempt or the next run of a schedule.'),
        failed: count('Failed for good, as far as the queue remembers them.'),
        scheduled: count('In the database, for their time or to be handed on.'),
        dispatched: count('In the database, handed on to the queue and not done.'),
        dead: count('In the database, failed for good. They stay until they are retried.'),
      })
      .meta({
        description:
          'The first four are what the queue holds, runs of schedules and wakings of consumers among it; the others what the database knows.',
      }),
    oldestDueSeconds: seconds('Since the oldest job that is not done was due; null when there is none.'),
  })
  .meta({ id: 'Queue', examples: [QUEUE] });

const Relay = z.object({
  outbox: count(
    `Events that were not handed on yet. No more than ${COUNTED_IN_OUTBOX} are counted.`,
    COUNTED_IN_OUTBOX,
  ),
  newest: count('The number of the newest event.'),
  consumers: z.array(
    z.object({
      name: z.string(),
      behind: count(
        `Events that it has not looked at. No more than ${COUNTED_PER_PARTITION} in each of the ${PARTITIONS} parts of the log are counted.`,
      ),
      oldestSeconds: seconds('Since the oldest of them happened; null when it is not behind.'),
      retrying: count('Events that failed, or wait for one that did, and are tried again.'),
      setAside: count('Events that failed for good. Retrying the queue `events` lets them be tried again.'),
    }),
  ),
});
export const QueueList = z
  .object({
    backend: z.enum(['postgres', 'redis']).meta({ description: 'What holds the queues.' }),
    queues: z.array(QueueView),
    relay: Relay.meta({ description: 'How events get from where they are written to those who listen.' }),
  })
  .meta({
    id: 'QueueList',
    examples: [
      {
        backend: 'postgres' as const,
        queues: [QUEUE],
        relay: {
          outbox: 0,
          newest: 1207,
          consumers: [
            { name: 'notifications.notify', behind: 0, oldestSeconds: null, retrying: 0, setAside: 1 },
          ],
        },
      },
    ],
  });

const JobView = z
  .object({
    id: z
      .string()
      .nullable()
      .meta({ description: 'Null for a run of a schedule and for the waking of a consumer.' }),
    name: z.string(),
    state: z.enum(JOB_STATES),
    payload: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What the job is given. It never holds a secret.' }),
    error: z.string().nullable().meta({ description: 'Why its last attempt failed.' }),
    attempts: z
      .int()
      .min(0)
      .max(1_000_000)
      .nullable()
      .meta({ description: 'Attempts that were made, where that is told.' }),
    createdAt: instant,
    at: instant
      .nullable()
      .meta({ description: 'Since when it is in this state; of a scheduled job, when it is due.' }),
  })
  .meta({ id: 'Job', examples: [JOB] });

export const QueueDetails = QueueView.extend({
  jobs: z.array(JobView).meta({ description: 'Up to `limit` of each state, dead ones first.' }),
  setAside: z
    .array(
      z.object({
        consumer: z.string(),
        sequence: z.int().min(1).max(MOST),
        type: z.string(),
        attempts: z.int().min(0).max(1_000_000),
        error: z.string().nullable(),
      }),
    )
    .meta({ description: 'Of the queue `events`: events that a consumer could not take, newest first.' }),
}).meta({ id: 'QueueDetails', examples: [{ ...QUEUE, jobs: [JOB], setAside: [SET_ASIDE] }] });

export const QueueAct = z
  .object({
    queue: z.string(),
    paused: z.boolean(),
    count: count('Jobs (and, of `events`, events) that it was about.'),
  })
  .meta({ id: 'QueueAct', examples: [{ queue: 'mail', paused: false, count: 3 }] });

export const AuditQuery = z.strictObject({
  actor: z.string().max(100).optional().meta({ description: 'Who: `usr_…`.' }),
  type: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'What: a type of event, such as `queue.drained`.' }),
  subject: z.string().max(100).optional().meta({ description: 'To what: its id, such as `lst_…`.' }),
  ...pageQuery,
});
export const AuditPage = pageOf(EventView).meta({ id: 'AuditPage' });

const iso = (date: Date) => date.toISOString();

export const toQueueView = ({ name, purpose, paused, oldestDueSeconds, ...counts }: QueueOverview) => ({
  name,
  purpose,
  paused,
  counts,
  oldestDueSeconds,
});

const toRelay = ({ outbox, newest, consumers }: RelayState, now: Date) => ({
  outbox,
  newest,
  consumers: consumers.map(({ oldestAt, ...consumer }) => ({
    ...consumer,
    oldestSeconds: secondsSince(oldestAt, now),
  })),
});

export const toQueueList = ({ backend, queues, relay }: QueuesAtAGlance, now: Date) => ({
  backend,
  queues: queues.map(toQueueView),
  relay: toRelay(relay, now),
});

const toJobView = ({ id, payload, createdAt, at, ...job }: ShownJob): z.input<typeof JobView> => ({
  ...job,
  id: id && publicId('job', id),
  payload: payload as Record<string, unknown>,
  createdAt: iso(createdAt),
  at: at && iso(at),
});

export const toQueueDetails = ({ jobs, setAside, ...queue }: QueueInside) => ({
  ...toQueueView(queue),
  jobs: jobs.map(toJobView),
  setAside,
});
