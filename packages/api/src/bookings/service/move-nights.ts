import { lockCalendar, releaseNights, takeNights } from '../../calendar/repository/occupied-nights.ts';
import { fillClosures } from '../../calendar/service/fill-closures.ts';
import type { Context, Tx } from '../../platform/context.ts';
import { newUuid } from '../../platform/id.ts';
import type { Terms } from '../../pricing/model/terms.ts';
import type { Booking } from '../model/booking.ts';

/** Nights that a booking has, or would have. */
interface Nights {
  checkIn: string;
  checkOut: string;
  terms: Pick<Terms, 'preparationNights'>;
}

/** Takes nights for a booking; false when any of them is taken. */
export const takeFor = (
  ctx: Context,
  tx: Tx,
  { id, listingId }: Booking,
  { checkIn, checkOut, terms }: Nights,
): Promise<boolean> =>
  takeNights(tx, {
    id: newUuid(ctx.clock.now()),
    listingId,
    kind: 'booking',
    nights: { from: checkIn, to: checkOut },
    preparationNights: terms.preparationNights,
    bookingId: id,
  });

/** Whether a booking that has no nights any more could have them again. It takes none. */
export async function couldTakeAgain(ctx: Context, tx: Tx, booking: Booking): Promise<boolean> {
  await lockCalendar(tx, booking.listingId);
  const free = await takeFor(ctx, tx, booking, booking);
  if (free) await releaseNights(tx, booking.id);
  return free;
}

/** Gives up the nights that a stay has and takes others in one step; false when one of those is taken: all stays as it was. */
export async function moveNights(ctx: Context, tx: Tx, booking: Booking, to: Nights): Promise<boolean> {
  if (to.checkIn === booking.checkIn && to.checkOut === booking.checkOut) return true;
  const moved = await exchange(ctx, tx, booking, to);
  await fillClosures(tx, booking.listingId, ctx.clock.now());
  return moved;
}

/** Whether a stay could be moved. It remains where it is. */
export async function couldMove(ctx: Context, tx: Tx, booking: Booking, to: Nights): Promise<boolean> {
  const free = await exchange(ctx, tx, booking, to);
  if (free) await goBack(ctx, tx, booking);
  return free;
}

async function exchange(ctx: Context, tx: Tx, booking: Booking, to: Nights): Promise<boolean> {
  await lockCalendar(tx, booking.listingId);
  await releaseNights(tx, booking.id);
  const taken = await takeFor(ctx, tx, booking, to);
  if (!taken) await goBack(ctx, tx, booking);
  return taken;
}

async function goBack(ctx: Context, tx: Tx, booking: Booking): Promise<void> {
  await releaseNights(tx, booking.id);
  if (!(await takeFor(ctx, tx, booking, booking)))
    throw new Error(`The nights of the booking ${booking.id} were taken while it had them.`);
}
