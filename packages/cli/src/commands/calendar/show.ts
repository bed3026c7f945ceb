import type { Sojourn } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';
import { drawCalendar, monthsFrom } from './draw-calendar.ts';
import { daysOfMonth } from './draw-month.ts';

interface Options {
  from?: string;
  months: number;
}

export async function run(ctx: CommandContext, [id]: [id: string], options: Options): Promise<void> {
  const { io, json, signal } = ctx;
  const client = await ctx.client();
  const [listing, { calendar, months }] = await Promise.all([
    json ? undefined : client.listings.get(id, { signal }),
    readMonths(client, id, options, signal),
  ]);
  if (!listing) return io.json(calendar);
  const { title, basePrice } = listing;
  const { timeZone, days } = calendar;
  io.print(drawCalendar({ title, basePrice, timeZone, months, days }, io.columns, io.paint.out));
}

/** Which month it is where the listing is, only the server knows: it is asked when no month is named. */
async function readMonths(
  { calendar }: Sojourn,
  id: string,
  { from, months: many }: Options,
  signal: AbortSignal,
) {
  const first = from ?? (await calendar.get(id, {}, { signal })).from.slice(0, 7);
  const months = monthsFrom(first, many);
  const dates = { from: daysOfMonth(first).from, to: daysOfMonth(months.at(-1)!).to };
  if (dates.to > '2199') throw usageError(`--from ${first} is too far ahead.`);
  return { months, calendar: await calendar.get(id, dates, { signal }) };
}
