import { lockCalendar, type NightsToTake, takeNights } from '../../calendar/repository/occupied-nights.ts';
import { openPayment } from '../../payments/service/open-payment.ts';
import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid, publicId } from '../../platform/id.ts';
import type { Quote } from '../../pricing/model/quote.ts';
import { getQuoteToBook } from '../../pricing/service/quotes.ts';
import { bookingHeld, newsOf } from '../events.ts';
import type { Booking } from '../model/booking.ts';
import { paymentFor } from '../model/payment.ts';
import type { SeenBooking } from '../model/seen.ts';
import { holdExpiryFrom } from '../model/transitions.ts';
import { datesUnavailable, listingNotBookable, ownListing, quoteAlreadyBooked } from '../problems.ts';
import { findBookingOfQuote, insertBooking } from '../repository/bookings.ts';
import { hasExpiredHoldsAt, lockExpiredHoldsAt } from '../repository/due.ts';
import { lostRace } from '../repository/lost-race.ts';
import { expire } from './run-clock.ts';
import { seenAs } from './see.ts';

/**
 * Holds the nights of a quote while the guest pays. When several want the same nights, one of them gets them and the
 * others are told so.
 */
export function createBooking(
  ctx: Context,
  { quoteId, message }: { quoteId: string; message: string | null },
): Promise<SeenBooking> {
  return transaction(ctx, async (tx) => {
    const quote = await getQuoteToBook(ctx, tx, quoteId);
    const guestId = actorOf(ctx).userId;
    if (quote.hostId === guestId) throw ownListing();
    const booking = heldFor(quote, guestId, message, ctx.clock.now());
    await take(ctx, tx, booking);
    return write(ctx, tx, booking);
  }).catch((error: unknown) => {
    throw lostRace(error) ? datesUnavailable({ cause: error }) : error;
  });
}

const heldFor = (quote: Quote, guestId: string, message: string | null, now: Date): Booking => ({
  id: newUuid(now),
  quoteId: quote.id,
  listingId: quote.listingId,
  hostId: quote.hostId,
  guestId,
  status: 'held',
  version: 1,
  checkIn: quote.checkIn,
  checkOut: quote.checkOut,
  guests: quote.guests,
  pets: quote.pets,
  terms: quote.terms,
  message,
  holdExpiresAt: holdExpiryFrom(now),
  respondBy: null,
  confirmedAt: null,
  checkedInAt: null,
  checkedOutAt: null,
  endedAt: null,
  declineReason: null,
  cancelledBy: null,
  cancellation: null,
  hostRefunded: 0,
  marketplaceRefunded: 0,
  createdAt: now,
  updatedAt: now,
});

/** Takes the nights, if need be from holds that have expired and that nobody has ended yet. */
async function take(ctx: Context, tx: Tx, booking: Booking): Promise<void> {
  const now = ctx.clock.now();
  const stay: NightsToTake = {
    id: newUuid(now),
    listingId: booking.listingId,
    kind: 'hold',
    nights: { from: booking.checkIn, to: booking.checkOut },
    preparationNights: booking.terms.preparationNights,
    bookingId: booking.id,
  };
  if (await takeNights(tx, stay)) return;
  await refuseSecondBooking(tx, booking);
  // In a race most come here, and none of them is to wait for the calendar in vain.
  if (!(await hasExpiredHoldsAt(tx, booking.listingId, stay.nights, now))) throw datesUnavailable();
  // The calendar comes first, as for everybody who writes more than one stay of it.
  await lockCalendar(tx, booking.listingId);
  const expired = await expire(ctx, tx, await lockExpiredHoldsAt(tx, booking.listingId, stay.nights, now));
  if (expired.length > 0 && (await takeNights(tx, stay))) return;
  throw datesUnavailable();
}

async function write(ctx: Context, tx: Tx, booking: Booking): Promise<SeenBooking> {
  const listing = await insertBooking(tx, booking);
  if (!listing) await refuseSecondBooking(tx, booking);
  if (!listing?.takesBookings) throw listingNotBookable();
  const payment = await openPayment(ctx, tx, paymentFor(booking));
  await emit(ctx, tx, bookingHeld, newsOf(booking));
  return seenAs('guest', { booking, place: { title: listing.title, address: null } }, payment);
}

/** Names the booking that was made of the quote to nobody but the guest of it. */
async function refuseSecondBooking(tx: Tx, { quoteId, guestId }: Booking): Promise<void> {
  const first = await findBookingOfQuote(tx, quoteId);
  if (!first) return;
  if (first.guestId !== guestId) throw quoteAlreadyBooked();
  throw quoteAlreadyBooked({ detail: `The quote became the booking ${publicId('bkg', first.id)}.` });
}
