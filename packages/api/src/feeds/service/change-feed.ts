import { todayAt } from '../../calendar/model/days.ts';
import type { CalendarListing } from '../../calendar/repository/calendars.ts';
import { lockOwnCalendar } from '../../calendar/service/reach-calendar.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import type { CountedFeed, Feed } from '../model/feed.ts';
import { feedNotFound } from '../problems.ts';
import { lockFeed } from '../repository/feeds.ts';
import { type FeedIds, feedIdOf, readFeed } from './own-feed.ts';

export type FeedChange = (tx: Tx, feed: Feed, listing: CalendarListing) => Promise<void>;

/** Runs one change of a listing's feeds: in a transaction, while nobody else changes them or the calendar. */
export const changeListing = <T>(
  ctx: Context,
  listingId: string,
  change: (tx: Tx, listing: CalendarListing) => Promise<T>,
): Promise<T> =>
  transaction(ctx, async (tx) => {
    const { listing } = await lockOwnCalendar(ctx, tx, { listingId, ifMatch: undefined });
    return change(tx, listing);
  });

/** The same of one feed. */
export const changeFeed = (ctx: Context, ids: FeedIds, change: FeedChange): Promise<void> =>
  changeListing(ctx, ids.listingId, (tx, listing) => lockAndChange(tx, listing, ids, change));

/** The same, and answers the feed as it is then. */
export const changedFeed = (ctx: Context, ids: FeedIds, change: FeedChange): Promise<CountedFeed> =>
  changeListing(ctx, ids.listingId, async (tx, listing) => {
    await lockAndChange(tx, listing, ids, change);
    return readFeed(tx, listing.id, feedIdOf(ids.feedId), todayAt(listing.timeZone, ctx.clock.now()));
  });

async function lockAndChange(tx: Tx, listing: CalendarListing, ids: FeedIds, change: FeedChange) {
  const feed = await lockFeed(tx, listing.id, feedIdOf(ids.feedId));
  if (!feed) throw feedNotFound();
  await change(tx, feed, listing);
}
