import type { CommandContext } from '../../command-context.ts';
import { tellBooking } from './tell.ts';

export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  { method }: { method: string },
): Promise<void> {
  const { io, json, signal } = ctx;
  const { bookings } = await ctx.client();
  const booking = await bookings.payment.confirm(id, { paymentMethod: method }, { signal });
  if (json) await io.json(booking);
  else tellBooking(io, booking);
}
