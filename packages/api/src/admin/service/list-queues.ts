import type { Context } from '../../platform/context.ts';
import { readRelayState } from '../../platform/events/lag.ts';
import { QUEUES } from '../../platform/jobs/queue-names.ts';
import { readQueueStates } from '../../platform/jobs/state.ts';
import { countJobs } from '../../platform/jobs/store.ts';
import { overviewOf, type QueueOverview, type QueuesAtAGlance } from '../model/queues.ts';
import { orUnavailable } from './queues-answer.ts';

export async function listQueues(ctx: Context): Promise<QueuesAtAGlance> {
  const [queues, relay] = await Promise.all([overviews(ctx), readRelayState(ctx.db)]);
  return { backend: ctx.queues.backend, queues, relay };
}

/** Every queue, as BullMQ and the database tell together. */
export async function overviews(ctx: Context): Promise<QueueOverview[]> {
  const now = ctx.clock.now();
  const [states, counts] = await Promise.all([orUnavailable(readQueueStates(ctx.queues)), countJobs(ctx.db)]);
  return states.map((state) =>
    overviewOf(
      state,
      QUEUES[state.name].purpose,
      counts.find(({ queue }) => queue === state.name),
      now,
    ),
  );
}
