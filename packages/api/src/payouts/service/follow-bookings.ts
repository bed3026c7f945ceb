import type { Context, Tx } from '../../platform/context.ts';
import type { StoredEvent } from '../../platform/events/event.ts';
import { chargePenalty } from './charge-penalty.ts';
import { planPayouts } from './plan-payouts.ts';

/** Brings the payouts of bookings to what those are now, whatever the news of them say. */
export async function followBookings(ctx: Context, events: readonly StoredEvent[]): Promise<void> {
  const bookingIds = [...new Set(events.map(({ subjectId }) => subjectId))].sort();
  for (const bookingId of bookingIds) {
    await chargePenalty(ctx, ctx.db as Tx, bookingId);
    await planPayouts(ctx, ctx.db as Tx, bookingId);
  }
}
