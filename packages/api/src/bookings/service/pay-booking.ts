import type { BookingStatus } from '@sojourn/shared/vocabulary';
import { confirmNights, takeNights } from '../../calendar/repository/occupied-nights.ts';
import { paymentDeclined } from '../../payments/problems.ts';
import { confirmPayment } from '../../payments/service/confirm-payment.ts';
import { openPayment } from '../../payments/service/open-payment.ts';
import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { bookingConfirmed, bookingRequested, newsOf } from '../events.ts';
import type { Booking } from '../model/booking.ts';
import { paymentFor } from '../model/payment.ts';
import type { SeenBooking } from '../model/seen.ts';
import { type Act, mayPayLate, respondByFrom, statusAt } from '../model/transitions.ts';
import { partyOf } from '../policy.ts';
import { datesUnavailable, holdExpired, notYourPart } from '../problems.ts';
import { updateBooking } from '../repository/bookings.ts';
import { allowed, conflict } from './act.ts';
import { lockSeen, seeAgain } from './see.ts';

const PAID: readonly BookingStatus[] = ['requested', 'confirmed', 'checkedIn', 'completed', 'noShow'];

/**
 * The guest pays for the nights that are held: the stay is confirmed, or the host is asked. Paying for what is paid
 * already changes nothing. What is paid too late goes through while the nights are free; otherwise nothing is charged.
 */
export async function payBooking(
  ctx: Context,
  bookingId: string,
  { paymentMethod }: { paymentMethod: string },
): Promise<SeenBooking> {
  const outcome = await transaction(ctx, async (tx) => {
    const { booking, viewer } = await lockSeen(ctx, tx, bookingId);
    if (partyOf(actorOf(ctx), viewer) !== 'guest') throw notYourPart({ detail: 'Only the guest pays.' });
    if (PAID.includes(booking.status) && statusAt(booking, ctx.clock.now()) !== 'expired')
      return seeAgain(ctx, tx, booking);
    const name = booking.terms.instantBook ? 'payInstantly' : 'payForRequest';
    return pay(ctx, tx, booking, name, paymentMethod);
  });
  // The attempt is on record by now, which a problem thrown within the transaction would have undone.
  if (outcome === 'declined') throw paymentDeclined();
  return outcome;
}

async function pay(
  ctx: Context,
  tx: Tx,
  booking: Booking,
  name: Act,
  paymentMethod: string,
): Promise<SeenBooking | 'declined'> {
  const now = ctx.clock.now();
  const status = statusAt(booking, now);
  const to = allowed(name, 'guest', status);
  if (status === 'expired') refuseTooLate(name, booking, now);
  const revived = booking.status === 'expired';
  if (revived) await takeAgain(ctx, tx, booking);
  const attempted = await confirmPayment(ctx, tx, { reference: booking.id, paymentMethod });
  if (!attempted.succeeded) {
    // Nights that were taken again for it must be free again.
    if (revived) throw paymentDeclined();
    return 'declined';
  }
  await confirmNights(tx, booking.id);
  const paid = await updateBooking(tx, paidFor(booking, to, now), now);
  await emit(ctx, tx, to === 'confirmed' ? bookingConfirmed : bookingRequested, newsOf(paid));
  return seeAgain(ctx, tx, paid);
}

const paidFor = (booking: Booking, to: BookingStatus, now: Date): Booking => ({
  ...booking,
  status: to,
  endedAt: null,
  confirmedAt: to === 'confirmed' ? now : null,
  respondBy: to === 'requested' ? respondByFrom(booking, now) : null,
});

/** A request that nobody answered is over; a hold may be paid a while after it expired. */
function refuseTooLate(name: Act, booking: Booking, now: Date): void {
  if (booking.respondBy !== null) throw conflict(name, 'expired');
  if (!mayPayLate(booking, now)) throw holdExpired();
}

/** Takes the nights of a hold that expired as if it had not, and opens the payment that was given up with it. */
async function takeAgain(ctx: Context, tx: Tx, booking: Booking): Promise<void> {
  const { id, listingId, checkIn, checkOut, terms } = booking;
  const taken = await takeNights(tx, {
    id: newUuid(ctx.clock.now()),
    listingId,
    kind: 'hold',
    nights: { from: checkIn, to: checkOut },
    preparationNights: terms.preparationNights,
    bookingId: id,
  });
  if (!taken)
    throw datesUnavailable({
      detail: 'The hold expired before it was paid, and the nights are taken. Nothing was charged.',
    });
  await openPayment(ctx, tx, paymentFor(booking));
}
