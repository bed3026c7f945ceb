import type { CommandContext } from '../../command-context.ts';
import { table } from '../../render.ts';
import { showList } from '../paging.ts';

interface Options {
  actor?: string;
  type?: string;
  subject?: string;
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(ctx: CommandContext, _args: [], { all, ...query }: Options): Promise<void> {
  const { admin } = await ctx.client();
  const list = admin.auditLog.list({ ...query, ...(all && { limit: 100 }) }, { signal: ctx.signal });
  let shown = 0;
  await showList(ctx, list, {
    all: all ?? false,
    draw: ({ data }) => {
      shown += data.length;
      return table(
        data,
        [
          { title: 'WHEN (UTC)', text: ({ occurredAt }) => occurredAt.slice(0, 19).replace('T', ' ') },
          { title: 'WHAT', text: ({ type }) => type },
          { title: 'WHO', text: ({ actor }) => shortId(actor?.id ?? '') },
          { title: 'TO', text: ({ subject }) => shortId(subject.id), dropFirst: 2 },
          { title: 'DETAILS', text: ({ data: details }) => JSON.stringify(details), flexible: true },
        ],
        ctx.io.columns,
        ctx.io.paint.out,
      );
    },
  });
  if (shown === 0 && !ctx.json) ctx.io.say('Nothing was done that matches.');
}

/** Ids differ at their end: `usr_…9ecj8`. `--json` has them whole. */
const shortId = (id: string) => id.replace(/_.*(?=.{6}$)/, '_…');
