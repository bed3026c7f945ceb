import type { Context } from '../../platform/context.ts';
import type { CountedFeed } from '../model/feed.ts';
import { updateFeed as write } from '../repository/feeds.ts';
import { changedFeed } from './change-feed.ts';
import { storeUrl } from './feed-url.ts';
import type { FeedIds } from './own-feed.ts';
import { wakeSoon } from './wake-due.ts';

export interface FeedChanges {
  name?: string | undefined;
  url?: string | undefined;
  paused?: boolean | undefined;
}

/** Changes a feed. One that is led elsewhere, or goes on after a pause, is fetched at once. */
export async function updateFeed(ctx: Context, ids: FeedIds, changes: FeedChanges): Promise<CountedFeed> {
  return changedFeed(ctx, ids, async (tx, feed) => {
    const stored = changes.url === undefined ? undefined : storeUrl(ctx, changes.url);
    const { name = feed.name, paused = feed.paused } = changes;
    const now = ctx.clock.now();
    const atOnce = !paused && (stored !== undefined || feed.paused);
    const changed = {
      ...feed,
      name,
      paused,
      urlHost: stored?.urlHost ?? feed.urlHost,
      nextFetchAt: atOnce ? now : feed.nextFetchAt,
      updatedAt: now,
    };
    await write(tx, changed, stored?.sealedUrl);
    if (atOnce) await wakeSoon(ctx, tx);
  });
}
