import type { Currency } from '@sojourn/shared/money';
import { nightsBetween } from '@sojourn/shared/nights';
import type { Shares } from '../../ledger/model/allocation.ts';
import { publicId } from '../../platform/id.ts';
import { freeCancellationUntil, type RefundLine, type RefundStep } from '../../pricing/model/refund.ts';
import type { Line } from '../../pricing/model/terms.ts';
import type { Alteration } from '../model/alteration.ts';
import type { Booking, Cancellation } from '../model/booking.ts';
import type { PaidBooking, Preview, SeenBooking } from '../model/seen.ts';

const iso = (date: Date) => date.toISOString();
const isoOrNull = (date: Date | null) => date && iso(date);
const moneyIn = (currency: Currency) => (amount: number) => ({ amount, currency });

export function toBookingView(seen: SeenBooking) {
  const { booking, viewer } = seen;
  const { terms } = booking;
  const money = moneyIn(terms.currency);
  return {
    ...identityOf(seen),
    ...agreementOf(booking),
    ...instantsOf(booking),
    hostPayout: viewer === 'guest' ? null : money(terms.hostPayout),
    ...refundsOf(seen.refundSteps, booking),
    declineReason: booking.declineReason,
    cancellation: booking.cancellation && toCancellation(booking, booking.cancellation, viewer === 'guest'),
    payment: toPayment(seen),
    address: seen.address,
  };
}

const identityOf = ({ booking, listingTitle }: SeenBooking) => ({
  id: publicId('bkg', booking.id),
  status: booking.status,
  version: booking.version,
  quoteId: publicId('qte', booking.quoteId),
  listingId: publicId('lst', booking.listingId),
  listingTitle,
  guestId: publicId('usr', booking.guestId),
  hostId: publicId('usr', booking.hostId),
  message: booking.message,
});

const agreementOf = ({ checkIn, checkOut, guests, pets, terms }: Booking) => ({
  checkIn,
  checkOut,
  nights: nightsBetween(checkIn, checkOut),
  guests,
  pets,
  timeZone: terms.timeZone,
  instantBook: terms.instantBook,
  currency: terms.currency,
  total: moneyIn(terms.currency)(terms.total),
  lineItems: toLines(terms.lines, terms.currency),
  cancellationPolicy: terms.policy.key,
  checkInAt: terms.checkInAt,
  checkOutAt: terms.checkOutAt,
});

const instantsOf = (booking: Booking) => ({
  holdExpiresAt: isoOrNull(booking.holdExpiresAt),
  respondBy: isoOrNull(booking.respondBy),
  confirmedAt: isoOrNull(booking.confirmedAt),
  checkedInAt: isoOrNull(booking.checkedInAt),
  checkedOutAt: isoOrNull(booking.checkedOutAt),
  endedAt: isoOrNull(booking.endedAt),
  createdAt: iso(booking.createdAt),
  updatedAt: iso(booking.updatedAt),
});

const refundsOf = (steps: readonly RefundStep[], { terms }: Booking) => ({
  freeCancellationUntil: isoOrNull(freeCancellationUntil(terms, steps)),
  refundSchedule: steps.map(({ until, refund }) => ({
    until: iso(until),
    refund: moneyIn(terms.currency)(refund),
  })),
});

const toLines = (lines: readonly Line[], currency: Currency) => {
  const money = moneyIn(currency);
  return lines.map(({ kind, description, quantity, unitPrice, amount }) => ({
    kind,
    description,
    quantity,
    unitPrice: unitPrice === null ? null : money(unitPrice),
    amount: money(amount),
  }));
};

function toCancellation(
  { cancelledBy, terms: { currency } }: Booking,
  { reason, refund, hostKeeps, penalty, lines }: Cancellation,
  forGuest: boolean,
) {
  const money = moneyIn(currency);
  return {
    by: cancelledBy!,
    reason,
    refund: money(refund),
    hostKeeps: forGuest ? null : money(hostKeeps),
    penalty: forGuest ? null : money(penalty),
    lines: toRefundLines(lines, currency),
  };
}

const toRefundLines = (lines: readonly RefundLine[], currency: Currency) =>
  lines.map(({ kind, description, paid, refund }) => ({
    kind,
    description,
    paid: moneyIn(currency)(paid),
    refund: moneyIn(currency)(refund),
  }));

/** What a browser needs to pay, and why it could not, is for who pays. */
export function toPayment({ payment, viewer, nextActionUrl }: SeenBooking) {
  const money = moneyIn(payment.currency);
  return {
    id: publicId('pay', payment.id),
    status: payment.status,
    amount: money(payment.amount),
    captured: money(payment.captured),
    refunded: money(payment.refunded),
    failure: viewer === 'host' ? null : payment.failure,
    nextActionUrl,
    clientSecret: viewer === 'guest' ? payment.clientSecret : null,
  };
}

export const toPaymentDetails = ({ seen, refunds, shares }: PaidBooking) => ({
  ...toPayment(seen),
  shares: shares && toShares(shares, seen.payment.currency),
  refunds: refunds.map(({ id, amount, currency, status, failure, createdAt }) => ({
    id: publicId('rfd', id),
    amount: moneyIn(currency)(amount),
    status,
    failure,
    createdAt: iso(createdAt),
  })),
});

function toShares({ host, platform, taxes, refunds }: Shares, currency: Currency) {
  const money = moneyIn(currency);
  return { host: money(host), platform: money(platform), taxes: money(taxes), refunds: money(refunds) };
}

export const toCheckout = ({ url, expiresAt }: { url: string; expiresAt: Date }) => ({
  url,
  expiresAt: iso(expiresAt),
});

export function toPreviewView({ refund, hostKeeps, penalty, lines, terms, asOf, until }: Preview) {
  const money = moneyIn(terms.currency);
  return {
    refund: money(refund),
    hostKeeps: money(hostKeeps),
    penalty: money(penalty),
    lines: toRefundLines(lines, terms.currency),
    policy: terms.policy.key,
    asOf: iso(asOf),
    until: isoOrNull(until),
  };
}

export function toAlterationView(alteration: Alteration) {
  const { terms, checkIn, checkOut } = alteration;
  const money = moneyIn(terms.currency);
  return {
    id: publicId('alt', alteration.id),
    bookingId: publicId('bkg', alteration.bookingId),
    askedBy: alteration.askedBy,
    status: alteration.status,
    checkIn,
    checkOut,
    nights: nightsBetween(checkIn, checkOut),
    guests: alteration.guests,
    pets: alteration.pets,
    priceDifference: money(alteration.priceDifference),
    newTotal: money(terms.total),
    lineItems: toLines(terms.lines, terms.currency),
    message: alteration.message,
    expiresAt: iso(alteration.expiresAt),
    createdAt: iso(alteration.createdAt),
    answeredAt: isoOrNull(alteration.answeredAt),
  };
}
