import type { Context, Tx } from '../../platform/context.ts';
import { wake } from '../../platform/jobs/dispatch.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import * as jobs from '../jobs.ts';
import { listDueFeeds } from '../repository/fetches.ts';

/** Feeds at a look. Those that hang take a worker for a quarter of a minute each; the others are not kept waiting long. */
const AT_ONCE = 1_000;

/** Lets workers fetch what is due, one job a feed. */
export async function wakeDue(ctx: Context): Promise<void> {
  const feedIds = await listDueFeeds(ctx.db, ctx.clock.now(), AT_ONCE);
  const { queue, name } = jobs.fetchFeed;
  await wake(
    ctx.queues,
    queue,
    feedIds.map((feedId) => ({ name, key: feedId, payload: { feedId } })),
  );
}

/** The same as soon as the transaction is over, rather than at the next look. */
export const wakeSoon = (ctx: Context, tx: Tx): Promise<void> =>
  enqueue(ctx, tx, jobs.wakeDue, { payload: {}, key: 'soon' });
