import { todayAt } from '../../calendar/model/days.ts';
import { reachOwnCalendar } from '../../calendar/service/reach-calendar.ts';
import type { Context, Db } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import type { CountedFeed } from '../model/feed.ts';
import { feedNotFound } from '../problems.ts';
import { listFeeds } from '../repository/feeds.ts';

export interface FeedIds {
  listingId: string;
  feedId: string;
}

/** A feed that the caller may see, by its id outside. */
export async function getFeed(ctx: Context, { listingId, feedId }: FeedIds): Promise<CountedFeed> {
  const { id, timeZone } = await reachOwnCalendar(ctx, listingId);
  return readFeed(ctx.db, id, feedIdOf(feedId), todayAt(timeZone, ctx.clock.now()));
}

/** The id of a feed in the database. */
export function feedIdOf(feedId: string): string {
  const id = uuidOf('feed', feedId);
  if (id === undefined) throw feedNotFound();
  return id;
}

export async function readFeed(
  db: Db,
  listingId: string,
  feedId: string,
  today: string,
): Promise<CountedFeed> {
  const [feed] = await listFeeds(db, listingId, { today, feedId });
  if (!feed) throw feedNotFound();
  return feed;
}
