import type { Balance } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import type { Colours } from '../../io.ts';
import { fullPrice } from '../../price.ts';
import { type Column, table } from '../../render.ts';

interface Options {
  host?: string;
}

export async function run(ctx: CommandContext, _args: [], { host }: Options): Promise<void> {
  const { io, json, signal } = ctx;
  const { balance } = await ctx.client();
  const list = await balance.get({ ...(host !== undefined && { hostId: host }) }, { signal });
  if (json) return io.json(list);
  if (list.data.length === 0) return io.say('Nothing was earned yet.');
  io.print(table(list.data, columnsOf(io.paint.out), io.columns, io.paint.out));
  io.hint('sojourn payouts list', 'sojourn payouts statement');
}

/** A part of which there is nothing says nothing, and takes no space. */
type Part = 'upcoming' | 'onHold' | 'inTransit' | 'owed';
const partText = (part: Part) => (one: Balance) => (one[part].amount === 0 ? '' : fullPrice(one[part]));

function columnsOf(paint: Colours): Column<Balance>[] {
  const part = (title: string, name: Part, style?: (text: string) => string): Column<Balance> => ({
    title,
    text: partText(name),
    align: 'right',
    dropFirst: 1,
    ...(style && { style }),
  });
  return [
    { title: 'CURRENCY', text: ({ currency }) => currency },
    part('TO COME', 'upcoming'),
    part('ON HOLD', 'onHold', paint.yellow),
    part('ON ITS WAY', 'inTransit'),
    part('YOU OWE', 'owed', paint.red),
    {
      title: 'YOURS',
      text: (one) => fullPrice(yours(one)),
      align: 'right',
      style: (cell) => paint.bold(cell),
    },
    {
      title: 'PAID SO FAR',
      text: ({ paid }) => fullPrice(paid),
      align: 'right',
      style: (cell) => paint.green(cell),
    },
  ];
}

/** What the marketplace still has of the host's. */
const yours = ({ upcoming, onHold, inTransit, owed }: Balance) => ({
  ...upcoming,
  amount: upcoming.amount + onHold.amount + inTransit.amount - owed.amount,
});
