import type { CommandContext } from '../../../command-context.ts';
import { oneLine } from '../../../controls.ts';

export async function setPaused(
  ctx: CommandContext,
  [listing, id]: [listing: string, id: string],
  paused: boolean,
): Promise<void> {
  const { calendarFeeds } = await ctx.client();
  const feed = await calendarFeeds.update(listing, id, { paused }, { signal: ctx.signal });
  if (ctx.json) return ctx.io.json(feed);
  ctx.io.success(
    paused
      ? `${oneLine(feed.name)} is not fetched for now. Its nights stay as they are.`
      : `${oneLine(feed.name)} is fetched again.`,
  );
}
