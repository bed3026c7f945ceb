import { lockCalendars, releaseNightsOf } from '../../calendar/repository/occupied-nights.ts';
import { fillClosuresOf } from '../../calendar/service/fill-closures.ts';
import { readPayments } from '../../payments/service/read-payments.ts';
import { voidPayments } from '../../payments/service/void-payments.ts';
import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { bookingCompleted, bookingExpired, newsOf } from '../events.ts';
import type { Booking } from '../model/booking.ts';
import {
  endBookings,
  lockExpiredAsked,
  lockExpiredHolds,
  lockExpiredRequests,
  lockPastStays,
} from '../repository/due.ts';
import { endAlterations } from './end-alterations.ts';
import { settle } from './settle.ts';

const CHUNK = 100;

/** Does a chunk in a transaction of its own, and another one while the last was full. */
async function inChunks(
  ctx: Context,
  signal: AbortSignal,
  work: (tx: Tx, now: Date) => Promise<number>,
): Promise<void> {
  while (!signal.aborted) {
    const done = await ctx.db.transaction().execute((tx) => work(tx, ctx.clock.now()));
    if (done < CHUNK) return;
  }
}

/** Ends holds that were not paid in time. */
export const expireHolds = (ctx: Context, signal: AbortSignal): Promise<void> =>
  inChunks(ctx, signal, async (tx, now) => {
    const expired = await expire(ctx, tx, await lockExpiredHolds(tx, now, CHUNK));
    return expired.length;
  });

/** Ends requests that the host did not answer in time. */
export const expireRequests = (ctx: Context, signal: AbortSignal): Promise<void> =>
  inChunks(ctx, signal, async (tx, now) => {
    const expired = await expire(ctx, tx, await lockExpiredRequests(tx, now, CHUNK));
    return expired.length;
  });

/**
 * Ends bookings that the transaction holds, as too late: their nights are free, and nothing is charged. It is the clock
 * that does so, whoever came across them: nobody is told who that was.
 */
export async function expire(caller: Context, tx: Tx, bookings: readonly Booking[]): Promise<Booking[]> {
  if (bookings.length === 0) return [];
  const ctx: Context = { ...caller, actor: null };
  const now = ctx.clock.now();
  const ids = bookings.map(({ id }) => id);
  const listingIds = [...new Set(bookings.map(({ listingId }) => listingId))];
  await lockCalendars(tx, listingIds);
  const expired = await endBookings(tx, ids, 'expired', now);
  await releaseNightsOf(tx, ids);
  await fillClosuresOf(tx, listingIds, now);
  await voidPayments(ctx, tx, ids);
  await emitAll(ctx, tx, bookingExpired, expired.map(newsOf));
  await settleTaken(ctx, tx, expired);
  return expired;
}

/** What was taken all the same is given back. */
async function settleTaken(ctx: Context, tx: Tx, expired: readonly Booking[]): Promise<void> {
  const payments = await readPayments(
    tx,
    expired.map(({ id }) => id),
  );
  for (const booking of expired) if (payments.get(booking.id)!.captured > 0) await settle(ctx, tx, booking);
}

/** Ends stays whose check-out has passed. They keep their nights, which nobody can want any more, for those after them. */
export const completeStays = (ctx: Context, signal: AbortSignal): Promise<void> =>
  inChunks(ctx, signal, async (tx, now) => {
    const bookings = await lockPastStays(tx, now, CHUNK);
    const ids = bookings.map(({ id }) => id);
    const completed = await endBookings(tx, ids, 'completed', now);
    await endAlterations(ctx, tx, completed, 'expired');
    await emitAll(ctx, tx, bookingCompleted, completed.map(newsOf));
    return bookings.length;
  });

/** Ends alterations that were not answered, or not paid for, in time. */
export const expireAlterations = (ctx: Context, signal: AbortSignal): Promise<void> =>
  inChunks(ctx, signal, async (tx, now) => {
    const bookings = await lockExpiredAsked(tx, now, CHUNK);
    await endAlterations(ctx, tx, bookings, 'expired');
    return bookings.length;
  });
