import type { Sojourn } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { moment } from '../../local-time.ts';
import { price } from '../../price.ts';
import { count, table } from '../../render.ts';
import { showList } from '../paging.ts';
import { share } from './pricing-words.ts';

interface Options {
  limit?: number;
  cursor?: string;
  all?: true;
}
type TaxRules = Sojourn['admin']['taxRules'];
export type TaxRule = Awaited<ReturnType<TaxRules['create']>>;

export async function run(ctx: CommandContext, _args: [], { all, ...query }: Options): Promise<void> {
  const { io, signal } = ctx;
  const { admin } = await ctx.client();
  let shown = 0;
  await showList(ctx, admin.taxRules.list({ ...query, ...(all && { limit: 100 }) }, { signal }), {
    all: all ?? false,
    draw: ({ data }) => {
      shown += data.length;
      return table(
        data,
        [
          { title: 'NAME', text: ({ name }) => name, flexible: true },
          { title: 'WHERE', text: whereText, dropFirst: 1 },
          { title: 'RATE', text: rateText },
          {
            title: 'UP TO',
            text: ({ maxNights }) => (maxNights === null ? '' : count(maxNights, 'night')),
            dropFirst: 3,
          },
          { title: 'FROM (UTC)', text: ({ effectiveFrom }) => moment(effectiveFrom), dropFirst: 4 },
          {
            title: 'ENDS (UTC)',
            text: ({ effectiveUntil }) => effectiveUntil?.slice(0, 10) ?? '',
            style: (cell) => io.paint.out.yellow(cell),
          },
          { title: 'ID', text: ({ id }) => id, style: (cell) => io.paint.out.dim(cell) },
        ],
        io.columns,
        io.paint.out,
      );
    },
  });
  if (shown === 0 && !ctx.json) io.say('No taxes. Add one: sojourn admin taxes create --help');
}

export const whereText = ({ country, region, city }: TaxRule): string =>
  [city, region, country].filter(Boolean).join(', ');

/** `6% included`, `€4/guest-night`. */
export function rateText({ kind, bps, amount, inclusive }: TaxRule): string {
  if (bps !== null) return `${share(bps)}${inclusive ? ' included' : ''}`;
  return `${price(amount)}/${kind === 'perGuestNight' ? 'guest-night' : 'night'}`;
}
