import { lockCalendars } from '../../calendar/repository/occupied-nights.ts';
import { fillClosures } from '../../calendar/service/fill-closures.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit, emitAll } from '../../platform/events/emit.ts';
import {
  feedConflict,
  feedFailed,
  feedRecovered,
  feedSuspicious,
  newsOf,
  newsOfConflict,
} from '../events.ts';
import { changesBetween, isBelieved, looksEmptied } from '../model/changes.ts';
import { type Feed, type FeedFailure, isFailing, nextFetchAfter } from '../model/feed.ts';
import type { Reading } from '../model/read-calendar.ts';
import { findNewConflicts, listFeedEvents, writeFeedEvents } from '../repository/feed-events.ts';
import { lockFeed } from '../repository/feeds.ts';
import {
  type FeedToFetch,
  isStillWanted,
  type Version,
  writeFetch,
  writeVersion,
} from '../repository/fetches.ts';

/** Runs `record` while nobody else changes the feed or its calendar; not when it was changed since it was fetched. */
function underLock(
  ctx: Context,
  fetched: FeedToFetch,
  record: (tx: Tx, feed: Feed) => Promise<void>,
): Promise<void> {
  return transaction(ctx, async (tx) => {
    // Without its listing the feed is gone too.
    await lockCalendars(tx, [fetched.listingId]);
    const feed = await lockFeed(tx, fetched.listingId, fetched.id);
    if (feed && (await isStillWanted(tx, fetched))) await record(tx, feed);
  });
}

/** The feed could not be fetched or read: its nights stay as they were, and it is tried again later and later. */
export const recordFailure = (ctx: Context, fetched: FeedToFetch, failure: FeedFailure): Promise<void> =>
  underLock(ctx, fetched, async (tx, feed) => {
    const now = ctx.clock.now();
    const failures = feed.failures + 1;
    const nextFetchAt = nextFetchAfter(failures, now, Math.random());
    const failing = { ...feed, failures, lastError: failure, lastFetchedAt: now, nextFetchAt };
    await writeFetch(tx, failing);
    if (isFailing(feed) || !isFailing(failing)) return;
    const news = newsOf(feed, fetched.hostId);
    const why = { reason: failure.code, detail: failure.detail };
    await emit(ctx, tx, feedFailed, { ...news, data: { ...news.data, ...why } });
  });

/** The feed says what it said. A stay may have come where it already was. */
export const recordUnchanged = (ctx: Context, fetched: FeedToFetch, today: string): Promise<void> =>
  underLock(ctx, fetched, async (tx, feed) => {
    await writeFetch(tx, await succeeded(ctx, tx, feed, fetched.hostId));
    await tellConflicts(ctx, tx, fetched, feed, today);
  });

export interface NewReading {
  reading: Reading;
  version: Version;
  today: string;
}

/**
 * Lets what a feed says take effect. One that suddenly says that almost nothing is taken any more is rather broken than
 * true: what it adds is taken, and what it no longer has stays until it is believed.
 */
export const applyReading = (
  ctx: Context,
  fetched: FeedToFetch,
  { reading: { events, warnings }, version, today }: NewReading,
): Promise<void> =>
  underLock(ctx, fetched, async (tx, feed) => {
    const now = ctx.clock.now();
    const before = await listFeedEvents(tx, feed.id);
    const emptied = looksEmptied(before, events, today);
    const doubted = emptied && !feed.emptyAccepted && !isBelieved(feed.emptiedAt, now);
    const { written, removed } = changesBetween(before, events);
    const changes = { written, removed: doubted ? [] : removed };
    const changed = changes.written.length + changes.removed.length > 0;
    if (changed) {
      await writeFeedEvents(tx, feed.id, changes);
      await fillClosures(tx, feed.listingId, now);
    }
    await writeFetch(tx, {
      ...(await succeeded(ctx, tx, feed, fetched.hostId)),
      warnings,
      lastChangedAt: changed ? now : feed.lastChangedAt,
      emptiedAt: doubted ? (feed.emptiedAt ?? now) : null,
    });
    await writeVersion(tx, feed.id, version);
    if (doubted && feed.emptiedAt === null) await emit(ctx, tx, feedSuspicious, newsOf(feed, fetched.hostId));
    await tellConflicts(ctx, tx, fetched, feed, today);
  });

/** The feed after a fetch that worked. */
async function succeeded(ctx: Context, tx: Tx, feed: Feed, hostId: string): Promise<Feed> {
  const now = ctx.clock.now();
  if (isFailing(feed)) await emit(ctx, tx, feedRecovered, newsOf(feed, hostId));
  const nextFetchAt = nextFetchAfter(0, now, Math.random());
  return {
    ...feed,
    failures: 0,
    lastError: null,
    lastFetchedAt: now,
    lastSucceededAt: now,
    emptyAccepted: false,
    nextFetchAt,
  };
}

async function tellConflicts(
  ctx: Context,
  tx: Tx,
  { hostId }: FeedToFetch,
  feed: Feed,
  today: string,
): Promise<void> {
  const ids = { feedId: feed.id, listingId: feed.listingId };
  const found = await findNewConflicts(tx, ids, { today, now: ctx.clock.now() });
  const news = found.map((conflict) => newsOfConflict(feed, hostId, conflict));
  await emitAll(ctx, tx, feedConflict, news);
}
