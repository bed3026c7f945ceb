import type { CommandContext } from '../../command-context.ts';
import { moment } from '../../local-time.ts';
import { price } from '../../price.ts';
import { table } from '../../render.ts';
import { showList } from '../paging.ts';
import { needsAccount, paintStanding, standingText } from './words.ts';

interface Options {
  status?: 'scheduled' | 'processing' | 'paid' | 'failed' | 'cancelled';
  host?: string;
  limit?: number;
  cursor?: string;
  all?: true;
}

export async function run(ctx: CommandContext, _args: [], options: Options): Promise<void> {
  const { io, json, signal } = ctx;
  const paint = io.paint.out;
  const { all = false, host, ...query } = options;
  const { payouts } = await ctx.client();
  const list = payouts.list(
    { ...query, ...(host !== undefined && { hostId: host }), ...(all && { limit: 100 }) },
    { signal },
  );
  let shown = 0;
  let waitsForAccount = false;
  await showList(ctx, list, {
    all,
    draw: ({ data }) => {
      shown += data.length;
      waitsForAccount ||= data.some(needsAccount);
      return table(
        data,
        [
          {
            title: 'STATUS',
            text: standingText,
            style: (cell, payout) => paintStanding(payout, paint)(cell),
          },
          { title: 'DUE (UTC)', text: ({ dueAt }) => moment(dueAt).slice(0, 10) },
          { title: 'LISTING', text: ({ listingTitle }) => listingTitle, flexible: true },
          { title: 'CHECK-IN', text: ({ checkIn }) => checkIn, dropFirst: 1 },
          { title: 'SENT', text: ({ sent }) => price(sent), align: 'right' },
          { title: 'ID', text: ({ id }) => id, style: (cell) => paint.dim(cell) },
        ],
        io.columns,
        paint,
      );
    },
  });
  if (json) return;
  if (shown === 0) io.say(noneText(options));
  if (waitsForAccount) io.hint('sojourn payouts account');
}

const noneText = ({ status }: Options) =>
  status === undefined
    ? 'No payouts yet. The money of a stay is planned once it is booked, and sent a day after the check-in.'
    : 'No payouts like that.';
