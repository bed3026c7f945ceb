import { todayAt } from '../../calendar/model/days.ts';
import { insertBlocks } from '../../calendar/repository/blocks.ts';
import { type CalendarListing, raiseVersions } from '../../calendar/repository/calendars.ts';
import { fillClosures } from '../../calendar/service/fill-closures.ts';
import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { feedRemoved, newsOf } from '../events.ts';
import type { Feed } from '../model/feed.ts';
import { listUnblockedNights } from '../repository/feed-events.ts';
import { removeFeed } from '../repository/feeds.ts';
import { changeFeed } from './change-feed.ts';
import type { FeedIds } from './own-feed.ts';

/** Removes a feed. Its nights come free, or become blocks of the host's. */
export const deleteFeed = (ctx: Context, ids: FeedIds, nights: 'free' | 'keep'): Promise<void> =>
  changeFeed(ctx, ids, async (tx, feed, listing) => {
    if (nights === 'keep') await blockNights(ctx, tx, feed, listing);
    await removeFeed(tx, feed.id);
    await fillClosures(tx, listing.id, ctx.clock.now());
    const news = newsOf(feed, listing.hostId);
    await emit(ctx, tx, feedRemoved, { ...news, data: { ...news.data, nights } });
  });

async function blockNights(
  ctx: Context,
  tx: Tx,
  feed: Feed,
  { id, timeZone }: CalendarListing,
): Promise<void> {
  const now = ctx.clock.now();
  const nights = await listUnblockedNights(tx, feed.id, todayAt(timeZone, now));
  await insertBlocks(
    tx,
    nights.map((range) => ({ ...range, listingId: id, note: feed.name })),
    now,
  );
  await raiseVersions(tx, [id]);
}
