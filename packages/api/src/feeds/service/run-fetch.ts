import { addDays } from '@sojourn/shared/nights';
import { todayAt } from '../../calendar/model/days.ts';
import type { Context } from '../../platform/context.ts';
import { CalendarRefused } from '../model/calendar-text.ts';
import type { FeedFailure } from '../model/feed.ts';
import { type Reading, readCalendar } from '../model/read-calendar.ts';
import { claimFeed, type FeedToFetch } from '../repository/fetches.ts';
import { applyReading, recordFailure, recordUnchanged } from './apply-fetch.ts';
import { fetchCalendar } from './fetch-calendar.ts';

/** What is read of a calendar: two years, and yesterday, on which somewhere it still is today. */
const PAST_DAYS = 1;
const FUTURE_DAYS = 2 * 366;

/** Fetches a feed whose time has come, reads it, and lets it take effect. */
export async function runFetch(ctx: Context, feedId: string, signal: AbortSignal): Promise<void> {
  const now = ctx.clock.now();
  const feed = await claimFeed(ctx.db, feedId, now);
  if (!feed) return;
  const today = todayAt(feed.timeZone, now);
  const fetched = await fetchCalendar(ctx, feed, today, signal);
  if (fetched.outcome === 'aborted') return;
  if (fetched.outcome === 'failed') return recordFailure(ctx, feed, fetched.failure);
  if (fetched.outcome === 'unchanged') return recordUnchanged(ctx, feed, today);
  const reading = read(feed, fetched.text, today);
  if ('code' in reading) return recordFailure(ctx, feed, reading);
  await applyReading(ctx, feed, { reading, version: fetched.version, today });
}

function read({ timeZone }: FeedToFetch, text: string, today: string): Reading | FeedFailure {
  const window = { from: addDays(today, -PAST_DAYS), to: addDays(today, FUTURE_DAYS) };
  try {
    return readCalendar(text, { ...window, timeZone: timeZone ?? 'UTC' });
  } catch (error) {
    if (!(error instanceof CalendarRefused)) throw error;
    return { code: error.reason, detail: error.message };
  }
}
