import { capturePayment } from '../../payments/service/capture-payment.ts';
import { voidPayments } from '../../payments/service/void-payments.ts';
import type { Context } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { bookingConfirmed, bookingDeclined, newsOf } from '../events.ts';
import type { SeenBooking } from '../model/seen.ts';
import { updateBooking } from '../repository/bookings.ts';
import { act, freeNights } from './act.ts';
import { settle } from './settle.ts';

/** The host takes the guest. What was reserved is charged a moment later: should it be gone by then, the stay is given up. */
export const acceptBooking = (ctx: Context, bookingId: string): Promise<SeenBooking> =>
  act(ctx, bookingId, 'accept', async (tx, { booking, to }) => {
    const now = ctx.clock.now();
    const confirmed = await updateBooking(tx, { ...booking, status: to, confirmedAt: now }, now);
    await capturePayment(ctx, tx, booking.id);
    await settle(ctx, tx, confirmed);
    await emit(ctx, tx, bookingConfirmed, newsOf(confirmed));
    return confirmed;
  });

/** The host does not take the guest, who is charged nothing. */
export const declineBooking = (
  ctx: Context,
  bookingId: string,
  { reason }: { reason: string | null },
): Promise<SeenBooking> =>
  act(ctx, bookingId, 'decline', async (tx, { booking, to }) => {
    const now = ctx.clock.now();
    const declined = await updateBooking(
      tx,
      { ...booking, status: to, declineReason: reason, endedAt: now },
      now,
    );
    await freeNights(tx, booking, now);
    await voidPayments(ctx, tx, [booking.id]);
    await settle(ctx, tx, declined);
    await emit(ctx, tx, bookingDeclined, newsOf(declined));
    return declined;
  });
