import type { Booking } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { stayDates } from '../../local-time.ts';

type Verb = 'accept' | 'checkIn' | 'checkOut' | 'markNoShow';

/** Does to a booking what needs nothing but its id, and tells what it has become. */
export async function actOnBooking(ctx: CommandContext, id: string, verb: Verb, done: string): Promise<void> {
  const { bookings } = await ctx.client();
  await tellDone(ctx, await bookings[verb](id, { signal: ctx.signal }), done);
}

export async function tellDone({ io, json }: CommandContext, booking: Booking, done: string): Promise<void> {
  if (json) return io.json(booking);
  const { listingTitle, checkIn, checkOut } = booking;
  io.success(`${done}: ${oneLine(listingTitle)}, ${stayDates(checkIn, checkOut)}.`);
}
