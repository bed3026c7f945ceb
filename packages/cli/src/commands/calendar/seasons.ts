import { addDays } from '@sojourn/shared/nights';
import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';
import { price } from '../../price.ts';
import { count, table } from '../../render.ts';
import { readJson } from '../json-file.ts';

interface Options {
  set?: string;
}

export async function run(ctx: CommandContext, [id]: [id: string], { set }: Options): Promise<void> {
  const { io, json, signal } = ctx;
  const wanted = set === undefined ? undefined : seasonsIn(await readJson(io, set), set);
  const { seasons } = await ctx.client();
  const found =
    wanted === undefined
      ? await seasons.get(id, { signal })
      : await seasons.replace(id, { seasons: wanted as never }, { signal });
  if (json) return io.json(found);
  if (found.seasons.length > 0) io.print(draw(ctx, found.seasons));
  if (wanted !== undefined) io.success(`The listing has ${count(found.seasons.length, 'season')} now.`);
  else if (found.seasons.length === 0)
    io.say(`No seasons. Set some: sojourn calendar seasons ${id} --set seasons.json`);
}

/** A list of seasons, or what this command prints with --json: so a round trip changes nothing. */
function seasonsIn(value: unknown, file: string): unknown[] {
  const list = Array.isArray(value) ? value : (value as { seasons?: unknown } | null)?.seasons;
  if (Array.isArray(list)) return list;
  throw usageError(`${file} must hold a list of seasons.`, [
    'For example [{ "name": "Summer", "from": "2027-06-15", "to": "2027-09-15",',
    '  "price": { "amount": 18000, "currency": "EUR" }, "minNights": 4 }]',
  ]);
}

interface Season {
  name: string;
  from: string;
  to: string;
  price: { amount: number; currency: string } | null;
  weekendPrice: { amount: number; currency: string } | null;
  minNights: number | null;
  maxNights: number | null;
}

const draw = ({ io }: CommandContext, seasons: readonly Season[]): string =>
  table(
    seasons,
    [
      { title: 'SEASON', text: ({ name }) => name, flexible: true },
      { title: 'FIRST NIGHT', text: ({ from }) => from },
      { title: 'LAST NIGHT', text: ({ to }) => addDays(to, -1) },
      { title: 'PRICE', text: (season) => price(season.price), align: 'right' },
      { title: 'WEEKEND', text: ({ weekendPrice }) => price(weekendPrice), align: 'right', dropFirst: 1 },
      { title: 'NIGHTS', text: lengths, dropFirst: 2 },
    ],
    io.columns,
    io.paint.out,
  );

function lengths({ minNights, maxNights }: Season): string {
  if (minNights === null) return maxNights === null ? '' : `up to ${maxNights}`;
  return maxNights === null ? `from ${minNights}` : `${minNights}–${maxNights}`;
}
