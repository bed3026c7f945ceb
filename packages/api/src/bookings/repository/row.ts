import type { BookingStatus } from '@sojourn/shared/vocabulary';
import type { Selectable } from 'kysely';
import type { Db } from '../../platform/context.ts';
import type { Bookings } from '../../platform/db/rows.ts';
import type { Terms } from '../../pricing/model/terms.ts';
import type { Booking, Cancellation, Canceller } from '../model/booking.ts';
import type { StayAddress, StayPlace } from '../model/seen.ts';

/** A booking as it is kept, with what it tells of its listing. */
export interface PlacedBooking {
  booking: Booking;
  place: StayPlace;
}

interface PlacedRow extends Selectable<Bookings> {
  title: string;
  latitude: number | null;
  longitude: number | null;
  address: unknown;
}

export const selectPlaced = (db: Db) =>
  db
    .selectFrom('bookings')
    .innerJoin('listings', 'listings.id', 'bookings.listing_id')
    .selectAll('bookings')
    .select(['listings.title', 'listings.latitude', 'listings.longitude', 'listings.address']);

export const placedOf = (row: PlacedRow): PlacedBooking => ({
  booking: bookingOf(row),
  place: { title: row.title, address: addressOf(row) },
});

function addressOf({ latitude, longitude, address }: PlacedRow): StayAddress | null {
  if (latitude === null || longitude === null) return null;
  const { line1, neighbourhood, city, region, postalCode, country } = address as Omit<
    StayAddress,
    'latitude' | 'longitude'
  >;
  return { line1, neighbourhood, city, region, postalCode, country, latitude, longitude };
}

export const bookingOf = (row: Selectable<Bookings>): Booking => ({
  id: row.id,
  quoteId: row.quote_id,
  listingId: row.listing_id,
  hostId: row.host_id,
  guestId: row.guest_id,
  status: row.status as BookingStatus,
  version: row.version,
  checkIn: row.check_in,
  checkOut: row.check_out,
  guests: row.guests,
  pets: row.pets,
  terms: row.terms as unknown as Terms,
  message: row.message,
  holdExpiresAt: row.hold_expires_at,
  respondBy: row.respond_by,
  confirmedAt: row.confirmed_at,
  checkedInAt: row.checked_in_at,
  checkedOutAt: row.checked_out_at,
  endedAt: row.ended_at,
  declineReason: row.decline_reason,
  cancelledBy: row.cancelled_by as Canceller | null,
  cancellation: row.cancellation as unknown as Cancellation | null,
  hostRefunded: row.host_refunded,
  marketplaceRefunded: row.marketplace_refunded,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** The columns of a booking that change during its life. */
export const changing = (booking: Booking) => ({
  status: booking.status,
  check_in: booking.checkIn,
  check_out: booking.checkOut,
  check_in_at: new Date(booking.terms.checkInAt),
  check_out_at: new Date(booking.terms.checkOutAt),
  guests: booking.guests,
  pets: booking.pets,
  terms: JSON.stringify(booking.terms),
  currency: booking.terms.currency,
  total: booking.terms.total,
  hold_expires_at: booking.holdExpiresAt,
  respond_by: booking.respondBy,
  confirmed_at: booking.confirmedAt,
  checked_in_at: booking.checkedInAt,
  checked_out_at: booking.checkedOutAt,
  ended_at: booking.endedAt,
  decline_reason: booking.declineReason,
  cancelled_by: booking.cancelledBy,
  cancellation: booking.cancellation && JSON.stringify(booking.cancellation),
  host_refunded: booking.hostRefunded,
  marketplace_refunded: booking.marketplaceRefunded,
});
