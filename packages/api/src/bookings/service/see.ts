import { readPayments } from '../../payments/service/read-payments.ts';
import { actorOf, type Context, type Tx } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { refundSchedule } from '../../pricing/model/refund.ts';
import { type Booking, isLive } from '../model/booking.ts';
import { countsFrom, knowsAddress, type SeenBooking, type Viewer } from '../model/seen.ts';
import { viewerOf } from '../policy.ts';
import { bookingNotFound } from '../problems.ts';
import { findPlaced, lockBooking } from '../repository/bookings.ts';
import type { PlacedBooking } from '../repository/row.ts';

/** What one of those who may see a booking is shown of it. */
export function seenAs(
  viewer: Viewer,
  { booking, place }: PlacedBooking,
  payment: SeenBooking['payment'],
): SeenBooking {
  return {
    booking,
    viewer,
    listingTitle: place.title,
    address: knowsAddress(viewer, booking) ? place.address : null,
    payment,
    nextActionUrl: null,
    refundSteps: isLive(booking) ? refundSchedule(booking.terms, countsFrom(booking)) : [],
  };
}

/** Bookings with how their payments stand, as one person sees them. */
export async function withPayments(ctx: Context, bookings: readonly PlacedBooking[]): Promise<SeenBooking[]> {
  const actor = actorOf(ctx);
  const payments = await readPayments(
    ctx.db,
    bookings.map(({ booking }) => booking.id),
  );
  return bookings.map((placed) =>
    seenAs(viewerOf(actor, placed.booking) ?? 'staff', placed, payments.get(placed.booking.id)!),
  );
}

/** A booking that the caller may see, by its id outside. That of others does not exist. */
export async function findSeen(
  ctx: Context,
  bookingId: string,
): Promise<{ placed: PlacedBooking; viewer: Viewer }> {
  const id = uuidOf('bkg', bookingId);
  const placed = id && (await findPlaced(ctx.db, id));
  const viewer = placed && viewerOf(actorOf(ctx), placed.booking);
  if (!placed || !viewer) throw bookingNotFound();
  return { placed, viewer };
}

/** The same to change it: others wait until the transaction is over. */
export async function lockSeen(
  ctx: Context,
  tx: Tx,
  bookingId: string,
): Promise<{ booking: Booking; viewer: Viewer }> {
  const id = uuidOf('bkg', bookingId);
  const booking = id && (await lockBooking(tx, id));
  const viewer = booking && viewerOf(actorOf(ctx), booking);
  if (!booking || !viewer) throw bookingNotFound();
  return { booking, viewer };
}

/** A booking as it is now, for whoever changed it a moment ago in the same transaction. */
export async function seeAgain(ctx: Context, tx: Tx, { id }: Booking): Promise<SeenBooking> {
  const placed = await findPlaced(tx, id);
  if (!placed) throw bookingNotFound();
  const [seen] = await withPayments({ ...ctx, db: tx }, [placed]);
  return seen!;
}
