import type { Context } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { feedCreated, newsOf } from '../events.ts';
import type { CountedFeed, Feed } from '../model/feed.ts';
import { feedLimitReached } from '../problems.ts';
import { countFeeds, insertFeed } from '../repository/feeds.ts';
import { MAX_FEEDS } from '../schema.ts';
import { changeListing } from './change-feed.ts';
import { storeUrl } from './feed-url.ts';
import { wakeSoon } from './wake-due.ts';

/** Takes in the calendar of another channel from now on. */
export const createFeed = (
  ctx: Context,
  listingId: string,
  { name, url }: { name: string; url: string },
): Promise<CountedFeed> =>
  changeListing(ctx, listingId, async (tx, listing) => {
    const { sealedUrl, urlHost } = storeUrl(ctx, url);
    if ((await countFeeds(tx, listing.id)) >= MAX_FEEDS) throw feedLimitReached();
    const feed = newFeed({ listingId: listing.id, name, urlHost }, ctx.clock.now());
    await insertFeed(tx, feed, sealedUrl);
    await emit(ctx, tx, feedCreated, newsOf(feed, listing.hostId));
    await wakeSoon(ctx, tx);
    return { ...feed, events: 0, nights: 0, conflicts: 0 };
  });

const newFeed = (wanted: Pick<Feed, 'listingId' | 'name' | 'urlHost'>, now: Date): Feed => ({
  id: newUuid(now),
  ...wanted,
  paused: false,
  lastFetchedAt: null,
  lastSucceededAt: null,
  lastChangedAt: null,
  lastError: null,
  failures: 0,
  emptiedAt: null,
  emptyAccepted: false,
  warnings: [],
  nextFetchAt: now,
  createdAt: now,
  updatedAt: now,
});
