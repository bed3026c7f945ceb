import { todayAt } from '../../calendar/model/days.ts';
import { reachOwnCalendar } from '../../calendar/service/reach-calendar.ts';
import type { Context } from '../../platform/context.ts';
import type { Conflict, CountedFeed } from '../model/feed.ts';
import { listConflicts as list } from '../repository/feed-events.ts';
import { listFeeds as listAll } from '../repository/feeds.ts';
import { MAX_CONFLICTS } from '../schema.ts';
import { type FeedIds, feedIdOf, readFeed } from './own-feed.ts';

/** The feeds of a listing. */
export async function listFeeds(ctx: Context, listingId: string): Promise<CountedFeed[]> {
  const { id, timeZone } = await reachOwnCalendar(ctx, listingId);
  return listAll(ctx.db, id, { today: todayAt(timeZone, ctx.clock.now()) });
}

/** Where another channel sold nights of our stays. */
export async function listConflicts(ctx: Context, { listingId, feedId }: FeedIds): Promise<Conflict[]> {
  const { id, timeZone } = await reachOwnCalendar(ctx, listingId);
  const today = todayAt(timeZone, ctx.clock.now());
  const feed = await readFeed(ctx.db, id, feedIdOf(feedId), today);
  return list(ctx.db, feed.id, { today, limit: MAX_CONFLICTS });
}
