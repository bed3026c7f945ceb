import type { CommandContext } from '../../command-context.ts';
import { price } from '../../price.ts';
import { table, words } from '../../render.ts';
import { showList } from '../paging.ts';
import { paintStatus } from './status.ts';

interface Options {
  status?: 'draft' | 'published' | 'paused' | 'archived' | 'suspended';
  q?: string;
  externalId?: string;
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(ctx: CommandContext, _args: [], { all, ...query }: Options): Promise<void> {
  const client = await ctx.client();
  const list = client.listings.list({ ...query, ...(all && { limit: 100 }) }, { signal: ctx.signal });
  let shown = 0;
  await showList(ctx, list, {
    all: all ?? false,
    draw: ({ data }) => {
      shown += data.length;
      return table(
        data,
        [
          { title: 'TITLE', text: ({ title }) => title, flexible: true },
          {
            title: 'STATUS',
            text: ({ status }) => status,
            style: (cell, { status }) => paintStatus(status, ctx.io.paint.out)(cell),
          },
          { title: 'TYPE', text: ({ roomType }) => words(roomType), dropFirst: 3 },
          { title: 'CITY', text: ({ location }) => location?.address.city ?? '', dropFirst: 4 },
          { title: 'PRICE', text: ({ basePrice }) => price(basePrice), align: 'right' },
          { title: 'OWN ID', text: ({ externalId }) => externalId ?? '', dropFirst: 5 },
          { title: 'ID', text: ({ id }) => id, style: (cell) => ctx.io.paint.out.dim(cell) },
        ],
        ctx.io.columns,
        ctx.io.paint.out,
      );
    },
  });
  if (shown === 0 && !ctx.json)
    ctx.io.say('No listings. Make some: sojourn listings import FILE, or sojourn listings create');
}
