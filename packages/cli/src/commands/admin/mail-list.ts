import type { CommandContext } from '../../command-context.ts';
import { table } from '../../render.ts';
import { showList } from '../paging.ts';

interface Options {
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(ctx: CommandContext, _args: [], { all, ...query }: Options): Promise<void> {
  const { admin } = await ctx.client();
  const list = admin.mail.list({ ...query, ...(all && { limit: 100 }) }, { signal: ctx.signal });
  let shown = 0;
  await showList(ctx, list, {
    all: all ?? false,
    draw: ({ data }) => {
      shown += data.length;
      return table(
        data,
        [
          {
            title: 'WHEN (UTC)',
            text: ({ sentAt }) => sentAt.slice(0, 19).replace('T', ' '),
            dropFirst: 2,
          },
          { title: 'TO', text: ({ to }) => to, dropFirst: 1 },
          { title: 'SUBJECT', text: ({ subject }) => subject, flexible: true },
          { title: 'ID', text: ({ id }) => id, style: (cell) => ctx.io.paint.out.dim(cell) },
        ],
        ctx.io.columns,
        ctx.io.paint.out,
      );
    },
  });
  if (shown === 0 && !ctx.json) ctx.io.say('No mail was kept.');
}
