import type { CommandContext } from '../../command-context.ts';
import { payWith } from './pay-with.ts';
import { tellBooking } from './tell.ts';

interface Options {
  message?: string;
  pay?: string;
}

export async function run(
  ctx: CommandContext,
  [quoteId]: [quoteId: string],
  { message, pay }: Options,
): Promise<void> {
  const { io, json, signal } = ctx;
  const { bookings } = await ctx.client();
  let booking = await bookings.create({ quoteId, ...(message !== undefined && { message }) }, { signal });
  const { id } = booking;
  if (!json) io.print(id);
  try {
    if (pay !== undefined) booking = await payWith(ctx, id, pay);
  } catch (error) {
    // The nights are held, paid or not: whoever reads this can still pay.
    if (!json) tellBooking(io, booking);
    throw error;
  } finally {
    if (json) await io.json(booking);
  }
  if (!json) tellBooking(io, booking);
}
