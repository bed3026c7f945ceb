import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { bookingAltered, newsOf, staysAs } from '../events.ts';
import type { Alteration } from '../model/alteration.ts';
import type { Booking } from '../model/booking.ts';
import { endOpen } from '../repository/alterations.ts';
import { updateBooking } from '../repository/bookings.ts';
import { moveNights } from './move-nights.ts';

/** The stay is another from now on. Undefined when some of its new nights are taken: then all is as it was. */
export async function applyAlteration(
  ctx: Context,
  tx: Tx,
  booking: Booking,
  alteration: Alteration,
): Promise<{ booking: Booking; alteration: Alteration } | undefined> {
  if (!(await moveNights(ctx, tx, booking, alteration))) return undefined;
  const now = ctx.clock.now();
  const { checkIn, checkOut, guests, pets, terms } = alteration;
  const altered = await updateBooking(tx, { ...booking, checkIn, checkOut, guests, pets, terms }, now);
  await emit(ctx, tx, bookingAltered, { ...newsOf(altered), previous: staysAs(booking) });
  const [accepted] = await endOpen(tx, [booking.id], 'accepted', now);
  return { booking: altered, alteration: accepted! };
}
