import type { BookingStatus } from '@sojourn/shared/vocabulary';
import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { Booking } from '../model/booking.ts';
import { bookingOf, changing, type PlacedBooking, placedOf, selectPlaced } from './row.ts';

/** What the listing of a new booking is, in the moment in which it is made. */
export interface BookedListing {
  title: string;
  /** Whether it takes bookings: it is published, and its host still here. */
  takesBookings: boolean;
}

/** Writes a new booking. Undefined when its quote was booked before. */
export async function insertBooking(tx: Tx, booking: Booking): Promise<BookedListing | undefined> {
  return tx
    .insertInto('bookings')
    .values({
      id: booking.id,
      quote_id: booking.quoteId,
      listing_id: booking.listingId,
      host_id: booking.hostId,
      guest_id: booking.guestId,
      version: booking.version,
      instant: booking.terms.instantBook,
      message: booking.message,
      created_at: booking.createdAt,
      updated_at: booking.updatedAt,
      ...changing(booking),
    })
    .onConflict((conflict) => conflict.constraint('bookings__quote_used_once').doNothing())
    .returning([
      sql<string>`(select title from listings where listings.id = bookings.listing_id)`.as('title'),
      sql<boolean>`exists (
        select from listings join users on users.id = listings.host_id
        where listings.id = bookings.listing_id and listings.status = 'published' and users.status = 'active'
      )`.as('takesBookings'),
    ])
    .executeTakeFirst();
}

export async function findPlaced(db: Db, id: string): Promise<PlacedBooking | undefined> {
  const row = await selectPlaced(db).where('bookings.id', '=', id).executeTakeFirst();
  return row && placedOf(row);
}

export async function findBookingOfQuote(db: Db, quoteId: string): Promise<Booking | undefined> {
  const row = await db.selectFrom('bookings').selectAll().where('quote_id', '=', quoteId).executeTakeFirst();
  return row && bookingOf(row);
}

/** Keeps everybody else from changing a booking until the transaction ends. */
export async function lockBooking(tx: Tx, id: string): Promise<Booking | undefined> {
  const row = await tx
    .selectFrom('bookings')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row && bookingOf(row);
}

/** Writes a booking as it is here, as its next version. */
export async function updateBooking(tx: Tx, booking: Booking, now: Date): Promise<Booking> {
  const row = await tx
    .updateTable('bookings')
    .set({ ...changing(booking), version: booking.version + 1, updated_at: now })
    .where('id', '=', booking.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return bookingOf(row);
}

export interface BookingFilter {
  side: 'guest' | 'host';
  userId: string;
  status?: BookingStatus | undefined;
  listingId?: string | undefined;
}

/** Newest first, one more than `limit` when there are more. */
export async function listBookings(
  db: Db,
  { side, userId, status, listingId }: BookingFilter,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<PlacedBooking[]> {
  let query = selectPlaced(db).where(`bookings.${side}_id`, '=', userId);
  if (before !== undefined) query = query.where('bookings.id', '<', before);
  if (status !== undefined) query = query.where('bookings.status', '=', status);
  if (listingId !== undefined) query = query.where('bookings.listing_id', '=', listingId);
  const rows = await query
    .orderBy('bookings.id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(placedOf);
}

/** All bookings that somebody has a part in, oldest first. */
export async function listBookingsOf(db: Db, userId: string): Promise<PlacedBooking[]> {
  const rows = await selectPlaced(db)
    .where((eb) => eb.or([eb('bookings.guest_id', '=', userId), eb('bookings.host_id', '=', userId)]))
    .orderBy('bookings.id')
    .execute();
  return rows.map(placedOf);
}
