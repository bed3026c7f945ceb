import type { Context } from '../../platform/context.ts';
import type { CountedFeed } from '../model/feed.ts';
import { feedPaused } from '../problems.ts';
import { updateFeed } from '../repository/feeds.ts';
import { changedFeed } from './change-feed.ts';
import type { FeedIds } from './own-feed.ts';
import { wakeSoon } from './wake-due.ts';

/** Lets a feed be fetched now; the host may say beforehand that an empty calendar is to be believed. */
export async function syncFeed(
  ctx: Context,
  ids: FeedIds,
  { acceptEmpty }: { acceptEmpty: boolean },
): Promise<CountedFeed> {
  return changedFeed(ctx, ids, async (tx, feed) => {
    if (feed.paused) throw feedPaused();
    const emptyAccepted = feed.emptyAccepted || acceptEmpty;
    await updateFeed(tx, { ...feed, emptyAccepted, nextFetchAt: ctx.clock.now() });
    await wakeSoon(ctx, tx);
  });
}
