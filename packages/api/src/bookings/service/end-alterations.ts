import { voidPayments } from '../../payments/service/void-payments.ts';
import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { ALTERATION_ENDED, alterationNewsOf } from '../events.ts';
import type { Alteration } from '../model/alteration.ts';
import type { Booking } from '../model/booking.ts';
import { endOpen } from '../repository/alterations.ts';

/**
 * Ends the open alterations of these bookings, which the transaction holds. Those that were to be paid for are not charged
 * any more.
 */
export async function endAlterations(
  ctx: Context,
  tx: Tx,
  bookings: readonly Booking[],
  to: keyof typeof ALTERATION_ENDED,
): Promise<Alteration[]> {
  const byId = new Map(bookings.map((booking) => [booking.id, booking]));
  const ended = await endOpen(tx, [...byId.keys()], to, ctx.clock.now());
  // All else that is paid for a stay that was agreed is taken already, or asked for.
  const charged = ended.filter(({ paymentId }) => paymentId !== null).map(({ bookingId }) => bookingId);
  if (charged.length > 0) await voidPayments(ctx, tx, charged);
  await emitAll(
    ctx,
    tx,
    ALTERATION_ENDED[to],
    ended.map((alteration) => alterationNewsOf(byId.get(alteration.bookingId)!, alteration)),
  );
  return ended;
}
