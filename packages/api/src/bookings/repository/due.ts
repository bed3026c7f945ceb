import type { BookingStatus } from '@sojourn/shared/vocabulary';
import { sql } from 'kysely';
import type { Nights } from '../../calendar/model/nights.ts';
import type { Db, Tx } from '../../platform/context.ts';
import { OPEN } from '../model/alteration.ts';
import type { Booking } from '../model/booking.ts';
import { statesFor } from '../model/transitions.ts';
import { bookingOf } from './row.ts';

// What the clock ends, some at a time. Whoever is at work on a booking keeps it: it is passed over, and comes next time.

const dueBookings = (tx: Tx, limit: number) =>
  tx.selectFrom('bookings').selectAll().limit(limit).forNoKeyUpdate().skipLocked();

/** Holds that were not paid in time, oldest first. */
export async function lockExpiredHolds(tx: Tx, now: Date, limit: number): Promise<Booking[]> {
  const rows = await dueBookings(tx, limit)
    .where('status', '=', 'held')
    .where('hold_expires_at', '<=', now)
    .orderBy('hold_expires_at')
    .execute();
  return rows.map(bookingOf);
}

const expiredHoldsAt = (db: Db, listingId: string, { from, to }: Nights, now: Date) =>
  db
    .selectFrom('bookings')
    .where('status', '=', 'held')
    .where('hold_expires_at', '<=', now)
    .where('listing_id', '=', listingId)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('occupied_nights')
        .select(sql<string>`booking_id`.as('booking_id'))
        .where('listing_id', '=', listingId)
        .where('booking_id', 'is not', null)
        .where(sql<boolean>`prepared && daterange(${from}, ${to})`),
    );

/** Whether any of them stands in the way of a stay. */
export async function hasExpiredHoldsAt(
  db: Db,
  listingId: string,
  nights: Nights,
  now: Date,
): Promise<boolean> {
  const row = await expiredHoldsAt(db, listingId, nights, now).select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Those that stand in the way of a stay. */
export async function lockExpiredHoldsAt(
  tx: Tx,
  listingId: string,
  nights: Nights,
  now: Date,
): Promise<Booking[]> {
  const rows = await expiredHoldsAt(tx, listingId, nights, now)
    .selectAll()
    .forNoKeyUpdate()
    .skipLocked()
    .execute();
  return rows.map(bookingOf);
}

/** Requests that the host did not answer in time. */
export async function lockExpiredRequests(tx: Tx, now: Date, limit: number): Promise<Booking[]> {
  const rows = await dueBookings(tx, limit)
    .where('status', '=', 'requested')
    .where('respond_by', '<=', now)
    .orderBy('respond_by')
    .execute();
  return rows.map(bookingOf);
}

/** Stays that are over. */
export async function lockPastStays(tx: Tx, now: Date, limit: number): Promise<Booking[]> {
  const rows = await dueBookings(tx, limit)
    .where('status', 'in', statesFor('complete'))
    .where('check_out_at', '<=', now)
    .orderBy('check_out_at')
    .execute();
  return rows.map(bookingOf);
}

/** Bookings whose open alteration was not answered, or not paid for, in time. */
export async function lockExpiredAsked(tx: Tx, now: Date, limit: number): Promise<Booking[]> {
  const rows = await tx
    .selectFrom('bookings')
    .innerJoin('alterations', 'alterations.booking_id', 'bookings.id')
    .selectAll('bookings')
    .where('alterations.status', 'in', OPEN)
    .where('alterations.expires_at', '<=', now)
    .orderBy('alterations.expires_at')
    .limit(limit)
    .forNoKeyUpdate('bookings')
    .skipLocked()
    .execute();
  return rows.map(bookingOf);
}

/** Ends many bookings at once, each as its next version. */
export async function endBookings(
  tx: Tx,
  ids: readonly string[],
  status: BookingStatus,
  now: Date,
): Promise<Booking[]> {
  const rows = await tx
    .updateTable('bookings')
    .set(({ ref }) => ({
      status,
      version: sql`${ref('version')} + 1`,
      ended_at: now,
      updated_at: now,
    }))
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .returningAll()
    .execute();
  return rows.map(bookingOf);
}
