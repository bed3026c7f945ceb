import { dateAt } from '@sojourn/shared/zone';
import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { bookingCheckedIn, bookingCheckedOut, bookingNoShow, newsOf } from '../events.ts';
import { type Booking, checkInAtOf } from '../model/booking.ts';
import type { SeenBooking } from '../model/seen.ts';
import { checkInOpensAt } from '../model/transitions.ts';
import { tooEarly } from '../problems.ts';
import { updateBooking } from '../repository/bookings.ts';
import { act, freeNights } from './act.ts';
import { endAlterations } from './end-alterations.ts';

/** The guest has arrived. */
export const checkIn = (ctx: Context, bookingId: string): Promise<SeenBooking> =>
  act(ctx, bookingId, 'checkIn', async (tx, { booking, to }) => {
    const now = ctx.clock.now();
    refuseBefore(checkInOpensAt(booking), now);
    const arrived = await updateBooking(tx, { ...booking, status: to, checkedInAt: now }, now);
    await emit(ctx, tx, bookingCheckedIn, newsOf(arrived));
    return arrived;
  });

/** The guest has left. Whoever leaves early leaves free nights. */
export const checkOut = (ctx: Context, bookingId: string): Promise<SeenBooking> =>
  act(ctx, bookingId, 'checkOut', async (tx, { booking, to }) => {
    const now = ctx.clock.now();
    const left = await endStay(ctx, tx, { ...booking, status: to, checkedOutAt: now, endedAt: now });
    if (dateAt(now, booking.terms.timeZone) < booking.checkOut) await freeNights(tx, left, now);
    await emit(ctx, tx, bookingCheckedOut, newsOf(left));
    return left;
  });

/** The guest did not come: the nights are free, and the host keeps the money. */
export const markNoShow = (ctx: Context, bookingId: string): Promise<SeenBooking> =>
  act(ctx, bookingId, 'markNoShow', async (tx, { booking, to }) => {
    const now = ctx.clock.now();
    refuseBefore(checkInAtOf(booking), now);
    const missed = await endStay(ctx, tx, { ...booking, status: to, endedAt: now });
    await freeNights(tx, missed, now);
    await emit(ctx, tx, bookingNoShow, newsOf(missed));
    return missed;
  });

async function endStay(ctx: Context, tx: Tx, ended: Booking): Promise<Booking> {
  const now = ctx.clock.now();
  const written = await updateBooking(tx, ended, now);
  await endAlterations(ctx, tx, [written], 'expired');
  return written;
}

function refuseBefore(opens: Date, now: Date): void {
  if (now < opens) throw tooEarly({ detail: `This can be done from ${opens.toISOString()} on.` });
}
