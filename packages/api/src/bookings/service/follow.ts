import { confirmNights } from '../../calendar/repository/occupied-nights.ts';
import { paymentsOf } from '../../payments/service/read-payments.ts';
import { voidPayments } from '../../payments/service/void-payments.ts';
import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import {
  bookingCancelled,
  bookingConfirmed,
  bookingPaidTooLate,
  bookingRequested,
  cancellationNewsOf,
  lateNewsOf,
  newsOf,
} from '../events.ts';
import type { Alteration } from '../model/alteration.ts';
import { impossibleBy } from '../model/altering.ts';
import type { Booking } from '../model/booking.ts';
import { NOTHING } from '../model/cancelling.ts';
import { type Consequence, consequenceOf, type PaymentState, payingOf } from '../model/paying.ts';
import { after, respondByFrom } from '../model/transitions.ts';
import { findOpen } from '../repository/alterations.ts';
import { updateBooking } from '../repository/bookings.ts';
import { freeNights } from './act.ts';
import { applyAlteration } from './apply-alteration.ts';
import { endAlterations } from './end-alterations.ts';
import { takeFor } from './move-nights.ts';
import { expire } from './run-clock.ts';
import { settle } from './settle.ts';

interface Following {
  booking: Booking;
  payments: readonly PaymentState[];
  /** The one that waits to be answered or paid for. */
  alteration: Alteration | undefined;
}

/**
 * Does what follows from how the payments of a booking stand, which the transaction holds, and settles whose the money
 * is. Whatever happened meanwhile, however often and in whatever order it was told: only what is so now counts.
 */
export async function follow(ctx: Context, tx: Tx, booking: Booking): Promise<Booking> {
  const payments = await paymentsOf(tx, booking.id);
  const alteration = await findOpen(tx, booking.id);
  const consequence = consequenceOf(booking, payments, alteration, ctx.clock.now());
  if (!consequence) {
    await settle(ctx, tx, booking);
    return booking;
  }
  const followed = await CONSEQUENCES[consequence](ctx, tx, { booking, payments, alteration });
  await settle(ctx, tx, followed);
  return followed;
}

type Work = (ctx: Context, tx: Tx, following: Following) => Promise<Booking>;

const CONSEQUENCES: Record<Consequence, Work> = {
  confirm: (ctx, tx, { booking }) => confirm(ctx, tx, booking),
  async revive(ctx, tx, following) {
    const { booking } = following;
    const free = await takeFor(ctx, tx, booking, booking);
    return free ? confirm(ctx, tx, booking) : turnAway(ctx, tx, following);
  },
  turnAway,
  giveUp: (ctx, tx, { booking }) => giveUp(ctx, tx, booking),
  alter: (ctx, tx, { booking, alteration }) => alter(ctx, tx, booking, alteration!),
  async dropAlteration(ctx, tx, { booking }) {
    await endAlterations(ctx, tx, [booking], 'expired');
    return booking;
  },
};

/** The stay is agreed, or the host is asked. */
async function confirm(ctx: Context, tx: Tx, booking: Booking): Promise<Booking> {
  const now = ctx.clock.now();
  const status = after(payingOf(booking), booking.status)!;
  await confirmNights(tx, booking.id);
  const paid = await updateBooking(
    tx,
    {
      ...booking,
      status,
      endedAt: null,
      confirmedAt: status === 'confirmed' ? now : null,
      respondBy: status === 'requested' ? respondByFrom(booking, now) : null,
    },
    now,
  );
  await emit(ctx, tx, status === 'confirmed' ? bookingConfirmed : bookingRequested, newsOf(paid));
  return paid;
}

/** It is too late, or the nights are somebody else's: what is reserved is given up, and what was taken is given back. */
async function turnAway(ctx: Context, tx: Tx, { booking, payments }: Following): Promise<Booking> {
  const [ended = booking] = booking.status === 'held' ? await expire(ctx, tx, [booking]) : [];
  await voidPayments(ctx, tx, [booking.id]);
  const settled = await settle(ctx, tx, ended);
  if (settled || payments.some(({ status }) => status === 'requiresCapture'))
    await emit(ctx, tx, bookingPaidTooLate, lateNewsOf(ended));
  return ended;
}

/** Nobody is charged, and nobody is to blame. */
async function giveUp(ctx: Context, tx: Tx, booking: Booking): Promise<Booking> {
  const now = ctx.clock.now();
  const cancelled = await updateBooking(
    tx,
    {
      ...booking,
      status: after('giveUp', booking.status)!,
      cancelledBy: 'marketplace',
      cancellation: { reason: 'The money could not be taken.', ...NOTHING },
      endedAt: now,
    },
    now,
  );
  await freeNights(tx, cancelled, now);
  await endAlterations(ctx, tx, [cancelled], 'expired');
  await emit(ctx, tx, bookingCancelled, cancellationNewsOf(cancelled));
  return cancelled;
}

/** The difference is paid: the stay is altered if that is still possible. Otherwise the difference is given back. */
async function alter(ctx: Context, tx: Tx, booking: Booking, alteration: Alteration): Promise<Booking> {
  const possible = impossibleBy(booking, alteration, ctx.clock.now()).length === 0;
  const altered = possible && (await applyAlteration(ctx, tx, booking, alteration));
  if (altered) return altered.booking;
  await endAlterations(ctx, tx, [booking], 'expired');
  return booking;
}
