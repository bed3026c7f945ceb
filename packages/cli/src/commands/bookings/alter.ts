import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';
import { differenceText, tellAlteration } from './alteration.ts';

interface Options {
  checkIn?: string;
  checkOut?: string;
  guests?: number;
  pets?: number;
  message?: string;
}

export async function run(ctx: CommandContext, [id]: [id: string], options: Options): Promise<void> {
  const { message, ...changes } = options;
  if (Object.keys(changes).length === 0)
    throw usageError('What is to change?', [
      `sojourn bookings alter ${id} --check-out 2027-05-07`,
      `sojourn bookings alter ${id} --guests 3`,
    ]);
  const { bookings } = await ctx.client();
  const alteration = await bookings.alterations.create(id, options, { signal: ctx.signal });
  await tellAlteration(ctx, alteration, `Asked for: ${differenceText(alteration)}`);
  if (!ctx.json) ctx.io.hint(`sojourn bookings alterations list ${id}`);
}
