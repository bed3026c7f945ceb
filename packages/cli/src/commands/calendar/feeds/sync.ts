import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../../../command-context.ts';
import { oneLine } from '../../../controls.ts';
import { EXIT, type ExitCode } from '../../../exit.ts';
import { count } from '../../../render.ts';
import { type Feed, troubleOf } from './draw.ts';

const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 300;

/** Has the feed fetched and waits for what comes of it, unless told not to. */
export async function run(
  ctx: CommandContext,
  [listing, id]: [listing: string, id: string],
  { acceptEmpty, wait }: { acceptEmpty?: true; wait: boolean },
): Promise<ExitCode> {
  const { io, signal, json } = ctx;
  if (acceptEmpty)
    await ctx.confirm('Take the calendar as it is, and free the nights that it no longer has?');
  const { calendarFeeds } = await ctx.client();
  const before = await calendarFeeds.sync(listing, id, { ...(acceptEmpty && { acceptEmpty }) }, { signal });
  let feed: Feed = before;
  const until = performance.now() + PATIENCE_MS;
  while (wait && feed.lastFetchedAt === before.lastFetchedAt && performance.now() < until) {
    io.status('Waiting for the calendar …');
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
    feed = await calendarFeeds.get(listing, id, { signal });
  }
  io.status();
  if (json) await io.json(feed);
  else tell(ctx, feed, feed.lastFetchedAt !== before.lastFetchedAt);
  return wait && feed.lastError ? EXIT.failed : EXIT.ok;
}

function tell({ io }: CommandContext, feed: Feed, fetched: boolean): void {
  const name = oneLine(feed.name);
  const trouble = oneLine(troubleOf(feed));
  if (!fetched) io.say(`${name} is fetched in a moment.`);
  else if (trouble) io.warn(`${name}: ${trouble}`);
  else io.success(`${name} takes ${count(feed.nights, 'night')} in ${count(feed.events, 'event')}.`);
  if (fetched && feed.conflicts > 0)
    io.warn(`${count(feed.conflicts, 'event')} on nights of your own stays.`);
}
