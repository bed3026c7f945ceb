import type { CommandContext } from '../../../command-context.ts';
import { oneLine } from '../../../controls.ts';
import { count, table } from '../../../render.ts';
import { type Feed, paintStatus, troubleOf, when } from './draw.ts';

export async function run(ctx: CommandContext, [listing]: [listing: string]): Promise<void> {
  const { io, signal } = ctx;
  const { calendarFeeds } = await ctx.client();
  const feeds = await calendarFeeds.list(listing, { signal });
  if (ctx.json) return io.json(feeds);
  if (feeds.data.length === 0)
    return io.say(`No feeds. Take one in: sojourn calendar feeds add ${listing} --name Airbnb`);
  io.print(draw(ctx, feeds.data));
  for (const feed of feeds.data) {
    const trouble = oneLine(troubleOf(feed));
    if (trouble) io.warn(`${oneLine(feed.name)}: ${trouble}`);
    if (feed.conflicts > 0) {
      io.warn(`${oneLine(feed.name)}: ${count(feed.conflicts, 'event')} on nights of your own stays.`);
      io.hint(`sojourn calendar feeds conflicts ${listing} ${feed.id}`);
    }
  }
}

const draw = ({ io }: CommandContext, feeds: readonly Feed[]): string =>
  table(
    feeds,
    [
      { title: 'NAME', text: ({ name }) => name, flexible: true },
      {
        title: 'STATUS',
        text: ({ status }) => status,
        style: (cell, { status }) => paintStatus(status, io.paint.out)(cell),
      },
      // The year says nothing about how old it is, and would take the room of the name.
      { title: 'AS OF (UTC)', text: ({ lastSucceededAt }) => when(lastSucceededAt).replace(/^\d{4}-/, '') },
      { title: 'NIGHTS', text: ({ nights }) => String(nights), align: 'right' },
      { title: 'ID', text: ({ id }) => id, style: (cell) => io.paint.out.dim(cell) },
    ],
    io.columns,
    io.paint.out,
  );
