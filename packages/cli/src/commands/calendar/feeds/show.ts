import type { CommandContext } from '../../../command-context.ts';
import { oneLine } from '../../../controls.ts';
import { card, count } from '../../../render.ts';
import { type Feed, troubleOf, when } from './draw.ts';

export async function run(ctx: CommandContext, [listing, id]: [listing: string, id: string]): Promise<void> {
  const { io, signal } = ctx;
  const feed = await (await ctx.client()).calendarFeeds.get(listing, id, { signal });
  if (ctx.json) return io.json(feed);
  io.print(drawFeed(ctx, feed));
  if (feed.conflicts > 0) io.hint(`sojourn calendar feeds conflicts ${listing} ${id}`);
  if (feed.suspiciousSince !== null)
    io.hint(`sojourn calendar feeds sync ${listing} ${id} --accept-empty   (if it is true)`);
}

export const drawFeed = ({ io }: Pick<CommandContext, 'io'>, feed: Feed): string =>
  card(
    [
      ['Name', oneLine(feed.name)],
      ['From', oneLine(feed.host)],
      ['Status', oneLine(feed.status)],
      ['Trouble', oneLine(troubleOf(feed)) || undefined],
      ['As of', `${when(feed.lastSucceededAt)} (last tried ${when(feed.lastFetchedAt)})`],
      ['Changed', when(feed.lastChangedAt)],
      ['Next', feed.nextFetchAt === null ? undefined : when(feed.nextFetchAt)],
      ['Takes', `${count(feed.nights, 'night')} in ${count(feed.events, 'event')}`],
      ['Conflicts', feed.conflicts === 0 ? 'none' : count(feed.conflicts, 'event')],
      ['Warnings', feed.warnings.map(({ detail }) => oneLine(detail)).join('\n') || undefined],
      ['Id', feed.id],
    ],
    io.columns,
    io.paint.out,
  );
