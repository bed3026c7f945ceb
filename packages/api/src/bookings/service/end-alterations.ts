import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { ALTERATION_ENDED, alterationNewsOf } from '../events.ts';
import type { Alteration } from '../model/alteration.ts';
import type { Booking } from '../model/booking.ts';
import { endPending } from '../repository/alterations.ts';

/** Ends what waits to be altered of these bookings, which the transaction holds. */
export async function endAlterations(
  ctx: Context,
  tx: Tx,
  bookings: readonly Booking[],
  to: keyof typeof ALTERATION_ENDED,
): Promise<Alteration[]> {
  const byId = new Map(bookings.map((booking) => [booking.id, booking]));
  const ended = await endPending(tx, [...byId.keys()], to, ctx.clock.now());
  await emitAll(
    ctx,
    tx,
    ALTERATION_ENDED[to],
    ended.map((alteration) => alterationNewsOf(byId.get(alteration.bookingId)!, alteration)),
  );
  return ended;
}
