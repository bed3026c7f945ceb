import { Currency } from '@sojourn/shared/money';
import { LocalDate } from '@sojourn/shared/nights';
import { BOOKING_STATUSES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import type { Shares } from '../ledger/model/allocation.ts';
import { eventType } from '../platform/events/event.ts';
import { publicId } from '../platform/id.ts';
import { SignedMoney, StayMoney } from '../pricing/stay-schema.ts';
import type { Alteration } from './model/alteration.ts';
import { type Booking, CANCELLERS } from './model/booking.ts';
import { REFUND_PAYERS, type RefundGiven } from './model/shares.ts';

// Where exactly the home is, and what people write to each other, is in no event: those go to other programs too. Why
// somebody gave money back is: it is for the record.

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
    by: z.enum(CANCELLERS).meta({
      description: '`marketplace`: the money could not be taken.',
    }),
    refund: StayMoney.meta({ description: 'What the guest gets back.' }),
  }),
});
export const bookingPaidTooLate = bookingEvent(
  'paidTooLate',
  'A guest paid when the hold had expired and the nights were taken: everything is given back.',
);
export const bookingRefunded = eventType({
  type: 'booking.refunded',
  subject: 'booking',
  summary: 'The guest gets back more than the rules say.',
  data: About.extend({
    refund: StayMoney,
    paidBy: z.enum(REFUND_PAYERS).meta({ description: 'Of whose share it is.' }),
    by: z.enum(['host', 'admin']),
    reason: z.string().meta({ description: 'Why, in the words of who gives it.' }),
  }),
});
export const bookingSettled = eventType({
  type: 'booking.settled',
  subject: 'booking',
  summary: 'Whose the money for a stay is, from now on.',
  data: z.object({
    listingId: z.string(),
    guestId: z.string(),
    hostId: z.string(),
    currency: Currency,
    host: SignedMoney.meta({ description: 'What the host gets.' }),
    platform: SignedMoney.meta({
      description: 'What the marketplace keeps; below nothing when it pays on top.',
    }),
    taxes: SignedMoney.meta({ description: 'What goes to tax offices.' }),
    refunds: SignedMoney.meta({ description: 'What the guest gets back, or got.' }),
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
export const alterationAccepted = alterationEvent(
  'Accepted',
  'Both sides agree to alter a stay: it takes effect when the difference is paid.',
);
export const alterationDeclined = alterationEvent('Declined', 'The other side declined to alter a stay.');
export const alterationWithdrawn = alterationEvent('Withdrawn', 'Who asked to alter a stay no longer does.');
export const alterationExpired = alterationEvent(
  'Expired',
  'Nobody answered in time whether to alter a stay, or it was not paid for.',
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
  bookingPaidTooLate,
  bookingRefunded,
  bookingSettled,
  bookingAltered,
  alterationRequested,
  alterationAccepted,
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

/** That a guest paid too late is no news to the host. */
export const lateNewsOf = (booking: Booking) => ({ ...newsOf(booking), audience: [booking.guestId] });

/** What the event of money that was given back beyond the rules tells. */
export const refundNewsOf = (
  booking: Booking,
  { amount, paidBy, by, reason }: RefundGiven & { by: 'host' | 'admin' },
) => ({ ...newsOf(booking), data: { ...about(booking), refund: amount, paidBy, by, reason } });

/** What the event of a settled booking tells; its shares are not the guest's to know. */
export const settlementNewsOf = (booking: Booking, shares: Shares) => {
  const { currency } = booking.terms;
  const { listingId, guestId, hostId } = about(booking);
  return {
    subjectId: booking.id,
    audience: [booking.hostId],
    data: {
      listingId,
      guestId,
      hostId,
      currency,
      host: { amount: shares.host, currency },
      platform: { amount: shares.platform, currency },
      taxes: { amount: shares.taxes, currency },
      refunds: { amount: shares.refunds, currency },
    },
  };
};

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
