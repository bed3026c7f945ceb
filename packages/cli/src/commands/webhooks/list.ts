import type { CommandContext } from '../../command-context.ts';
import { table } from '../../render.ts';
import { showList } from '../paging.ts';
import { conditionOf, paintCondition } from './draw.ts';

interface Options {
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(ctx: CommandContext, _args: [], { all, ...query }: Options): Promise<void> {
  const { io, signal } = ctx;
  const { webhookEndpoints } = await ctx.client();
  let shown = 0;
  await showList(ctx, webhookEndpoints.list({ ...query, ...(all && { limit: 100 }) }, { signal }), {
    all: all ?? false,
    draw: ({ data }) => {
      shown += data.length;
      return table(
        data,
        [
          { title: 'URL', text: ({ url }) => url, flexible: true },
          {
            title: 'STATE',
            text: conditionOf,
            style: (cell, endpoint) => paintCondition(endpoint, io.paint.out)(cell),
          },
          { title: 'TYPES', text: ({ types }) => types.join(','), dropFirst: 2 },
          { title: 'DESCRIPTION', text: ({ description }) => description, dropFirst: 3 },
          { title: 'ID', text: ({ id }) => id, style: (cell) => io.paint.out.dim(cell) },
        ],
        io.columns,
        io.paint.out,
      );
    },
  });
  if (shown === 0 && !ctx.json) io.say('No endpoints. Make one: sojourn webhooks create URL');
}
