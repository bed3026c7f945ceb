import type { CommandContext } from '../../command-context.ts';
import { table } from '../../render.ts';
import { showList } from '../paging.ts';
import { type Delivery, outcomeOf, when } from './draw.ts';

interface Options {
  state?: 'pending' | 'delivered' | 'failed';
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  { all, ...query }: Options,
): Promise<void> {
  const { io, signal } = ctx;
  const { webhookEndpoints } = await ctx.client();
  const list = webhookEndpoints.deliveries(id, { ...query, ...(all && { limit: 100 }) }, { signal });
  let shown = 0;
  await showList(ctx, list, {
    all: all ?? false,
    draw: ({ data }) => {
      shown += data.length;
      return table(data, columns(io.paint.out), io.columns, io.paint.out);
    },
  });
  if (shown === 0 && !ctx.json) io.say('Nothing was sent there yet.');
}

const columns = (paint: CommandContext['io']['paint']['out']) => [
  { title: 'WHEN', text: ({ createdAt }: Delivery) => when(createdAt), dropFirst: 3 },
  { title: 'EVENT', text: ({ event }: Delivery) => event.type },
  { title: 'SEQUENCE', text: ({ event }: Delivery) => String(event.sequence ?? ''), dropFirst: 2 },
  {
    title: 'STATE',
    text: ({ state }: Delivery) => state,
    style: (cell: string, { state }: Delivery) =>
      state === 'delivered' ? paint.green(cell) : state === 'failed' ? paint.red(cell) : paint.yellow(cell),
  },
  { title: 'TRIES', text: ({ attempts }: Delivery) => String(attempts.length), dropFirst: 4 },
  { title: 'LAST', text: outcomeOf, flexible: true as const, dropFirst: 5 },
  { title: 'ID', text: ({ id }: Delivery) => id, style: (cell: string) => paint.dim(cell) },
];
