import type { BookingStatus } from '@sojourn/shared/vocabulary';
import type { Attempted } from '../../payments/model/payment.ts';
import { paymentDeclined } from '../../payments/problems.ts';
import { openPayment } from '../../payments/service/open-payment.ts';
import { holdPayments, readPayments } from '../../payments/service/read-payments.ts';
import { settleAttempt } from '../../payments/service/settle-attempt.ts';
import { startAttempt } from '../../payments/service/start-attempt.ts';
import { voidPayments } from '../../payments/service/void-payments.ts';
import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import type { Booking } from '../model/booking.ts';
import { payingOf } from '../model/paying.ts';
import { paymentFor } from '../model/payment.ts';
import type { SeenBooking } from '../model/seen.ts';
import { mayPayLate, statusAt } from '../model/transitions.ts';
import { partyOf } from '../policy.ts';
import { datesUnavailable, holdExpired, notYourPart } from '../problems.ts';
import { findOpen } from '../repository/alterations.ts';
import { allowed, conflict } from './act.ts';
import { follow } from './follow.ts';
import { couldTakeAgain } from './move-nights.ts';
import { lockSeen, seeAgain } from './see.ts';

const PAID: readonly BookingStatus[] = ['requested', 'confirmed', 'checkedIn', 'completed', 'noShow'];

/**
 * The guest pays for the nights that are held: the stay is confirmed, or the host is asked. Paying for what is paid
 * already changes nothing. What is paid too late goes through while the nights are free; otherwise nothing is charged.
 * Stripe is called between two transactions: what it says is on record whatever becomes of this request.
 */
export async function payBooking(
  ctx: Context,
  bookingId: string,
  { paymentMethod }: { paymentMethod: string },
): Promise<SeenBooking> {
  const begun = await transaction(ctx, (tx) => begin(ctx, tx, bookingId, paymentMethod));
  if (typeof begun !== 'string') return begun;
  const attempted = await settleAttempt(ctx, begun);
  const seen = await transaction(ctx, (tx) => end(ctx, tx, bookingId, attempted));
  // What came of it is on record by now, which a problem thrown within the transaction would have undone.
  if (attempted.outcome === 'declined')
    throw paymentDeclined({ detail: `The bank gives as its reason: ${attempted.reason}.` });
  if (isTaken(attempted) && seen.booking.status === 'expired')
    throw datesUnavailable({
      detail:
        'The hold expired before it was paid, and the nights are taken. What was charged is given back.',
    });
  return attempted.outcome === 'requiresAction' ? { ...seen, nextActionUrl: attempted.url } : seen;
}

const isTaken = ({ outcome }: Attempted) => outcome === 'succeeded' || outcome === 'authorised';

/** @returns the id of the attempt; where there is nothing to pay, the booking */
async function begin(
  ctx: Context,
  tx: Tx,
  bookingId: string,
  paymentMethod: string,
): Promise<string | SeenBooking> {
  const { booking: before, viewer } = await lockSeen(ctx, tx, bookingId);
  if (partyOf(actorOf(ctx), viewer) !== 'guest') throw notYourPart({ detail: 'Only the guest pays.' });
  // What follows is what is paid: one who pays at the same time must not come in between.
  await holdPayments(tx, before.id);
  const booking = await follow(ctx, tx, before);
  if (PAID.includes(statusAt(booking, ctx.clock.now()))) {
    const alteration = await findOpen(tx, booking.id);
    if (alteration?.status !== 'awaitingPayment') return seeAgain(ctx, tx, booking);
  } else {
    await refuseUnpayable(ctx, tx, booking);
    await openAgain(ctx, tx, booking);
  }
  return startAttempt(ctx, tx, { reference: booking.id, paymentMethod });
}

/** A request that nobody answered is over; a hold may be paid a while after it expired, if its nights are free. */
async function refuseUnpayable(ctx: Context, tx: Tx, booking: Booking): Promise<void> {
  const now = ctx.clock.now();
  const name = payingOf(booking);
  const status = statusAt(booking, now);
  allowed(name, 'guest', status);
  if (status !== 'expired') return;
  if (booking.respondBy !== null) throw conflict(name, 'expired');
  if (!mayPayLate(booking, now)) throw holdExpired();
  if (booking.status === 'expired' && !(await couldTakeAgain(ctx, tx, booking)))
    throw datesUnavailable({
      detail: 'The hold expired before it was paid, and the nights are taken. Nothing was charged.',
    });
}

/** What was given up when the hold expired is asked for anew. */
async function openAgain(ctx: Context, tx: Tx, booking: Booking): Promise<void> {
  const payment = (await readPayments(tx, [booking.id])).get(booking.id);
  if (payment?.status === 'cancelled') await openPayment(ctx, tx, paymentFor(booking));
}

async function end(ctx: Context, tx: Tx, bookingId: string, { outcome }: Attempted): Promise<SeenBooking> {
  const { booking } = await lockSeen(ctx, tx, bookingId);
  const followed = await follow(ctx, tx, booking);
  // A hold that expired waits for nobody: the next attempt asks for the money anew.
  if (outcome === 'declined' && followed.status === 'expired') await voidPayments(ctx, tx, [followed.id]);
  return seeAgain(ctx, tx, followed);
}
