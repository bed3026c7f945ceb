import type { Sojourn } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { moment } from '../../local-time.ts';
import { count, table } from '../../render.ts';
import { showList } from '../paging.ts';

interface Options {
  limit?: number;
  cursor?: string;
  all?: true;
}
type Policies = Sojourn['admin']['policies'];
type Rules = Awaited<ReturnType<Policies['create']>>['rules'];

export async function run(ctx: CommandContext, _args: [], { all, ...query }: Options): Promise<void> {
  const { io, signal } = ctx;
  const { admin } = await ctx.client();
  await showList(ctx, admin.policies.list({ ...query, ...(all && { limit: 100 }) }, { signal }), {
    all: all ?? false,
    draw: ({ data }) =>
      table(
        data,
        [
          { title: 'KEY', text: ({ key }) => key },
          { title: 'FROM (UTC)', text: ({ effectiveFrom }) => moment(effectiveFrom) },
          { title: 'GIVES BACK BEFORE CHECK-IN', text: ({ rules }) => rulesText(rules), flexible: true },
          { title: 'ID', text: ({ id }) => id, style: (cell) => io.paint.out.dim(cell), dropFirst: 1 },
        ],
        io.columns,
        io.paint.out,
      ),
  });
}

/** `100% ≥ 5 d, then less 1 night and 50%`: what comes back that long before check-in, and past all of it. */
function rulesText({ steps, late: { nights, percentOfRest } }: Rules): string {
  const parts = steps.map(({ hoursBeforeCheckIn: hours, percent }) => `${percent}% ≥ ${aheadText(hours)}`);
  const kept = [
    ...(nights > 0 ? [count(nights, 'night')] : []),
    ...(percentOfRest > 0 ? [`${percentOfRest}%`] : []),
  ];
  const rest = percentOfRest === 100 ? 'nothing' : kept.length === 0 ? 'all' : `less ${kept.join(' and ')}`;
  return parts.length === 0 ? rest : [...parts, `then ${rest}`].join(', ');
}

const aheadText = (hours: number) => (hours % 24 === 0 && hours > 24 ? `${hours / 24} d` : `${hours} h`);
