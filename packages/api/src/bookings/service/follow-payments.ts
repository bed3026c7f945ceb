import { listForgotten } from '../../ledger/service/allocate.ts';
import { referencesOf } from '../../payments/service/read-payments.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import type { StoredEvent } from '../../platform/events/event.ts';
import { enqueueAll, enqueueMissing } from '../../platform/jobs/enqueue.ts';
import { followPayment } from '../jobs.ts';
import { lockBooking } from '../repository/bookings.ts';
import { follow } from './follow.ts';

/** Something became of payments: the bookings that they are for follow, each in a transaction of its own. */
export async function followPayments(ctx: Context, events: readonly StoredEvent[]): Promise<void> {
  const references = await referencesOf(ctx.db, [...new Set(events.map(({ subjectId }) => subjectId))]);
  const wanted = [...new Set(references)].map((bookingId) => ({ payload: { bookingId }, key: bookingId }));
  await enqueueAll(ctx, ctx.db as Tx, followPayment, wanted);
}

/** Bookings that were paid for and did not follow, whatever became of the news, are to do so now. */
export const followForgotten = (ctx: Context): Promise<void> =>
  transaction(ctx, async (tx) => {
    const wanted = (await listForgotten(ctx)).map((bookingId) => ({
      payload: { bookingId },
      key: bookingId,
    }));
    await enqueueMissing(ctx, tx, followPayment, wanted);
  });

/** A booking follows its payments, as they are by now. What is paid for other things is not for it. */
export const followBooking = (ctx: Context, bookingId: string): Promise<void> =>
  transaction(ctx, async (tx) => {
    const booking = await lockBooking(tx, bookingId);
    if (booking) await follow(ctx, tx, booking);
  });
