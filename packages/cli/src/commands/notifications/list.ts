import type { CommandContext } from '../../command-context.ts';
import { table } from '../../render.ts';
import { showList } from '../paging.ts';

interface Options {
  unread?: true;
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(ctx: CommandContext, _args: [], { all, ...query }: Options): Promise<void> {
  const { io } = ctx;
  const client = await ctx.client();
  const list = client.notifications.list({ ...query, ...(all && { limit: 100 }) }, { signal: ctx.signal });
  let shown = 0;
  let unreadCount = 0;
  await showList(ctx, list, {
    all: all ?? false,
    draw: (page) => {
      shown += page.data.length;
      unreadCount = page.unreadCount;
      return table(
        page.data,
        [
          { title: '', text: ({ readAt }) => (readAt === null ? '*' : ' ') },
          { title: 'WHEN', text: ({ occurredAt }) => when(occurredAt) },
          {
            title: 'WHAT',
            text: ({ title }) => title,
            flexible: true,
            style: (cell, { readAt }) => (readAt === null ? io.paint.out.bold(cell) : cell),
          },
          { title: 'ID', text: ({ id }) => id, style: (cell) => io.paint.out.dim(cell) },
        ],
        io.columns,
        io.paint.out,
      );
    },
  });
  if (ctx.json) return;
  if (shown === 0) io.say(query.unread ? 'Nothing is unread.' : 'There are no notifications yet.');
  else if (unreadCount > 0)
    io.say(`${unreadCount} unread. Mark all as read: sojourn notifications read --all`);
}

/** `2026-11-25 09:30`, in UTC as everywhere. */
const when = (instant: string) => instant.slice(0, 16).replace('T', ' ');
