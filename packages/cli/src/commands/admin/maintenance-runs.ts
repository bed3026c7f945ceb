import type { MaintenanceRun } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { moment } from '../../local-time.ts';
import { table } from '../../render.ts';
import { showList } from '../paging.ts';
import { outcomeText, paintOutcome } from './maintenance-words.ts';

interface Options {
  task?: string;
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(ctx: CommandContext, _args: [], { all, ...query }: Options): Promise<void> {
  const { io, json, signal } = ctx;
  const paint = io.paint.out;
  const { admin } = await ctx.client();
  let shown = 0;
  await showList(ctx, admin.maintenance.list({ ...query, ...(all && { limit: 100 }) }, { signal }), {
    all: all ?? false,
    draw: ({ data }) => {
      shown += data.length;
      return table<MaintenanceRun>(
        data,
        [
          { title: 'WHEN (UTC)', text: ({ createdAt }) => moment(createdAt) },
          { title: 'TASK', text: ({ task }) => task },
          { title: 'MENDS', text: ({ applies }) => (applies ? 'yes' : ''), dropFirst: 2 },
          { title: 'BY', text: ({ startedBy }) => (startedBy === null ? 'clock' : 'admin'), dropFirst: 1 },
          {
            title: 'OUTCOME',
            text: outcomeText,
            style: (cell, run) => paintOutcome(run, paint)(cell),
            flexible: true,
          },
          { title: 'ID', text: ({ id }) => id, style: (cell) => paint.dim(cell) },
        ],
        io.columns,
        paint,
      );
    },
  });
  if (shown === 0 && !json) io.say('Nothing was run yet.');
}
