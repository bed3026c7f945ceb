import type { CommandContext } from '../../command-context.ts';
import { moment } from '../../local-time.ts';
import { table, words } from '../../render.ts';
import { showList } from '../paging.ts';
import { share } from './pricing-words.ts';

interface Options {
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(ctx: CommandContext, _args: [], { all, ...query }: Options): Promise<void> {
  const { io, signal } = ctx;
  const { admin } = await ctx.client();
  await showList(ctx, admin.feeSchedules.list({ ...query, ...(all && { limit: 100 }) }, { signal }), {
    all: all ?? false,
    draw: ({ data }) =>
      table(
        data,
        [
          { title: 'FROM (UTC)', text: ({ effectiveFrom }) => moment(effectiveFrom) },
          { title: 'NAME', text: ({ name }) => name, flexible: true },
          { title: 'MODE', text: ({ mode }) => words(mode).toLowerCase(), dropFirst: 1 },
          { title: 'HOST', text: ({ hostFeeBps }) => share(hostFeeBps), align: 'right' },
          { title: 'GUEST', text: ({ guestFeeBps }) => share(guestFeeBps), align: 'right' },
          { title: 'ID', text: ({ id }) => id, style: (cell) => io.paint.out.dim(cell), dropFirst: 2 },
        ],
        io.columns,
        io.paint.out,
      ),
  });
}
