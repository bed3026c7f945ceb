import { LocalDate } from '@sojourn/shared/nights';
import { BOOKING_STATUSES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import { eventType } from '../platform/events/event.ts';
import { publicId } from '../platform/id.ts';
import { StayMoney } from '../pricing/stay-schema.ts';
import type { Alteration } from './model/alteration.ts';
import type { Booking } from './model/booking.ts';

// Where exactly the home is, and what people write to each other, is in no event: those go to other programs too.

const About = z.object({
  status: z.enum(BOOKING_STATUSES),
  version: z.int().min(1).max(2_147_483_647),
  listingId: z.string(),
  guestId: z.string(),
  hostId: z.string(),
  checkIn: LocalDate,
  checkOut: LocalDate,
  checkInAt: z.iso.datetime(),
  checkOutAt: z.iso.datetime(),
  guests: z.int().min(1).max(100),
  pets: z.int().min(0).max(100),
  total: StayMoney,
  holdExpiresAt: z.iso.datetime().nullable(),
  respondBy: z.iso.datetime().nullable(),
});

const bookingEvent = (verb: string, summary: string) =>
  eventType({ type: `booking.${verb}`, subject: 'booking', summary, data: About });

export const bookingHeld = bookingEvent('held', 'The nights of a stay are held while the guest pays.');
export const bookingRequested = bookingEvent('requested', 'A guest asks the host for a stay.');
export const bookingConfirmed = bookingEvent('confirmed', 'A stay is agreed and paid.');
export const bookingDeclined = bookingEvent('declined', 'The host declined the request for a stay.');
export const bookingExpired = bookingEvent(
  'expired',
  'A hold was not paid in time, or a request not answered in time.',
);
export const bookingCheckedIn = bookingEvent('checkedIn', 'The guest arrived.');
export const bookingCheckedOut = bookingEvent('checkedOut', 'The guest left, and the stay is over.');
export const bookingCompleted = bookingEvent('completed', 'A stay is over: its check-out time has passed.');
export const bookingNoShow = bookingEvent('noShow', 'The guest did not come.');
export const bookingCancelled = eventType({
  type: 'booking.cancelled',
  subject: 'booking',
  summary: 'A stay does not take place, or ends early.',
  data: About.extend({
    by: z.enum(['guest', 'host', 'admin']),
    refund: StayMoney.meta({ description: 'What the guest gets back.' }),
  }),
});
export const bookingAltered = eventType({
  type: 'booking.altered',
  subject: 'booking',
  summary: 'The dates or guests of a stay are others from now on.',
  data: About,
  previous: About.pick({ checkIn: true, checkOut: true, guests: true, pets: true, total: true }),
});

const Asked = About.extend({
  alterationId: z.string(),
  askedBy: z.enum(['guest', 'host']),
  wanted: About.pick({ checkIn: true, checkOut: true, guests: true, pets: true, total: true }).meta({
    description: 'How the stay would be.',
  }),
  expiresAt: z.iso.datetime().meta({ description: 'Until when it can be answered.' }),
});
const alterationEvent = (verb: string, summary: string) =>
  eventType({ type: `booking.alteration${verb}`, subject: 'booking', summary, data: Asked });

export const alterationRequested = alterationEvent('Requested', 'One side of a stay asks to alter it.');
export const alterationDeclined = alterationEvent('Declined', 'The other side declined to alter a stay.');
export const alterationWithdrawn = alterationEvent('Withdrawn', 'Who asked to alter a stay no longer does.');
export const alterationExpired = alterationEvent(
  'Expired',
  'Nobody answered in time whether to alter a stay.',
);

export const bookingEvents = [
  bookingHeld,
  bookingRequested,
  bookingConfirmed,
  bookingDeclined,
  bookingExpired,
  bookingCancelled,
  bookingCheckedIn,
  bookingCheckedOut,
  bookingCompleted,
  bookingNoShow,
  bookingAltered,
  alterationRequested,
  alterationDeclined,
  alterationWithdrawn,
  alterationExpired,
];

/** The event of what becomes of an alteration, beside being accepted, which alters the booking. */
export const ALTERATION_ENDED = {
  declined: alterationDeclined,
  withdrawn: alterationWithdrawn,
  expired: alterationExpired,
} as const;

/** The dates and guests of a stay with what it costs. */
export const staysAs = ({
  checkIn,
  checkOut,
  guests,
  pets,
  terms: { total, currency },
}: Pick<Booking, 'checkIn' | 'checkOut' | 'guests' | 'pets' | 'terms'>) => ({
  checkIn,
  checkOut,
  guests,
  pets,
  total: { amount: total, currency },
});

const about = (booking: Booking) => ({
  status: booking.status,
  version: booking.version,
  listingId: publicId('lst', booking.listingId),
  guestId: publicId('usr', booking.guestId),
  hostId: publicId('usr', booking.hostId),
  ...staysAs(booking),
  checkInAt: booking.terms.checkInAt,
  checkOutAt: booking.terms.checkOutAt,
  holdExpiresAt: booking.holdExpiresAt?.toISOString() ?? null,
  respondBy: booking.respondBy?.toISOString() ?? null,
});

/** What every event of a booking tells; it belongs to the worlds of its guest and its host. */
export const newsOf = (booking: Booking) => ({
  subjectId: booking.id,
  audience: [booking.guestId, booking.hostId],
  data: about(booking),
});

/** What the event of a cancelled booking tells. */
export const cancellationNewsOf = (booking: Booking) => ({
  ...newsOf(booking),
  data: {
    ...about(booking),
    by: booking.cancelledBy!,
    refund: { amount: booking.cancellation!.refund, currency: booking.terms.currency },
  },
});

/** What every event of an alteration tells. */
export const alterationNewsOf = (booking: Booking, alteration: Alteration) => ({
  ...newsOf(booking),
  data: {
    ...about(booking),
    alterationId: publicId('alt', alteration.id),
    askedBy: alteration.askedBy,
    wanted: staysAs(alteration),
    expiresAt: alteration.expiresAt.toISOString(),
  },
});
