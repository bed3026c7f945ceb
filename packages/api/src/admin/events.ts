import { z } from 'zod';
import { eventType } from '../platform/events/event.ts';
import { QUEUE_NAMES } from '../platform/jobs/queue-names.ts';
import { CLOCK_MOVED } from '../platform/sandbox-clock.ts';

const queue = z.enum(QUEUE_NAMES);
const reason = z.string().meta({ description: 'Why, in the words of the admin.' });
const count = (description: string) => z.int().min(0).max(1_000_000_000).meta({ description });

// An event is about something with an id. A queue has none, so these are about the admin who acted.
export const queuePaused = eventType({
  type: 'queue.paused',
  subject: 'user',
  summary: 'An admin stopped the work at a queue.',
  data: z.object({ queue, reason }),
});
export const queueResumed = eventType({
  type: 'queue.resumed',
  subject: 'user',
  summary: 'An admin let the work at a queue go on.',
  data: z.object({ queue, reason }),
});
export const queueDrained = eventType({
  type: 'queue.drained',
  subject: 'user',
  summary: 'An admin removed what waited in a queue.',
  data: z.object({ queue, reason, count: count('Jobs that were removed.') }),
});
export const queueRetried = eventType({
  type: 'queue.retried',
  subject: 'user',
  summary: 'An admin let dead jobs of a queue be tried again.',
  data: z.object({ queue, reason, count: count('Jobs, and events that were set aside.') }),
});
export const queueOperated = eventType({
  type: 'queue.operated',
  subject: 'user',
  summary: 'An admin asked the board for a change of a queue or of a job.',
  data: z.object({
    queue: z.string().nullable().meta({ description: 'Null for all queues.' }),
    action: z.string().meta({ description: 'What the board was asked, by method and path.' }),
  }),
});

/** The marketplace itself, as what an event is about. */
export const MARKETPLACE = '00000000-0000-7000-8000-000000000000';

const instant = z.iso.datetime();
export const clockMoved = eventType({
  type: CLOCK_MOVED,
  subject: 'marketplace',
  summary: 'An admin moved the time of the sandbox.',
  data: z.object({
    now: instant.meta({ description: 'The time of the marketplace from then on.' }),
    reason: reason.nullable(),
  }),
  previous: z.object({ now: instant }),
});
export const maintenanceStarted = eventType({
  type: 'maintenance.started',
  subject: 'marketplace',
  summary: 'An admin asked for maintenance.',
  data: z.object({
    runId: z.string(),
    task: z.string(),
    applies: z.boolean().meta({ description: 'Whether it changes what it finds, or only looks.' }),
    reason: reason.nullable(),
  }),
});
export const moneyDiffers = eventType({
  type: 'marketplace.moneyDiffers',
  subject: 'marketplace',
  summary: 'The ledger and Stripe do not agree.',
  data: z.object({
    runId: z.string().meta({ description: 'The reconciliation, which names each difference.' }),
    differences: count('Movements of money that differ.'),
    balances: z.array(z.string()).max(200).meta({ description: 'Currencies of which the balance differs.' }),
  }),
});

export const adminEvents = [
  queuePaused,
  queueResumed,
  queueDrained,
  queueRetried,
  queueOperated,
  clockMoved,
  maintenanceStarted,
  moneyDiffers,
];
