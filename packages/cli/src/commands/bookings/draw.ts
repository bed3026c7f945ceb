import type { Booking } from '@sojourn/sdk';
import { oneLine, withoutControls } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { knownZone, localTime, stayDates } from '../../local-time.ts';
import { price } from '../../price.ts';
import { card, count, truncate, words } from '../../render.ts';
import { drawBill } from './bill.ts';
import { declineText } from './decline-text.ts';
import { drawRefunds } from './refunds.ts';
import { paintStatus, statusText } from './status.ts';

/** A booking on one screen: what and when, what it costs, what waits for whom, and what a cancellation gives back. */
export function drawBooking(booking: Booking, columns: number, paint: Colours): string {
  const { listingTitle, status, refundSchedule } = booking;
  const badge = `[${statusText(oneLine(status))}]`;
  return [
    `${paint.bold(truncate(oneLine(listingTitle), columns - badge.length - 1))} ${paintStatus(status, paint)(badge)}`,
    truncate(stayText(booking), columns),
    '',
    drawBill(booking, columns, paint),
    '',
    card(
      fieldsOf(booking).map(([name, value]) => [name, value && oneLine(value)] as const),
      columns,
      paint,
    ),
    ...(refundSchedule.length > 0
      ? ['', 'Cancelling as the guest gives back', drawRefunds(booking, paint)]
      : []),
  ].join('\n');
}

/** `Sat, May 1 – Wed, May 5, 2027 · 4 nights · 2 guests · 1 pet`. */
export const stayText = ({
  checkIn,
  checkOut,
  nights,
  guests,
  pets,
}: Pick<Booking, 'checkIn' | 'checkOut' | 'nights' | 'guests' | 'pets'>): string =>
  [
    stayDates(checkIn, checkOut),
    count(nights, 'night'),
    count(guests, 'guest'),
    ...(pets > 0 ? [count(pets, 'pet')] : []),
  ].join(' · ');

/** Of these the host gets nothing, or what the cancellation says. */
const CALLED_OFF: readonly string[] = ['declined', 'expired', 'cancelled'];

function fieldsOf(booking: Booking): [name: string, value: string | undefined][] {
  const { status, timeZone, message, hostPayout, declineReason } = booking;
  const at = (instant: string | null) => (instant === null ? undefined : localTime(instant, timeZone));
  return [
    ['Pay by', status === 'held' ? at(booking.holdExpiresAt) : undefined],
    ['Answer by', status === 'requested' ? at(booking.respondBy) : undefined],
    ['Check-in', at(booking.checkedInAt) ?? `from ${at(booking.checkInAt)}`],
    ['Check-out', at(booking.checkedOutAt) ?? `by ${at(booking.checkOutAt)}`],
    ['Where', where(booking)],
    ['Payment', paymentText(booking.payment)],
    ['Host gets', hostPayout && !CALLED_OFF.includes(status) ? price(hostPayout) : undefined],
    ['Message', message ? withoutControls(message) : undefined],
    ['Declined', declineReason ?? undefined],
    ['Cancelled', cancellationText(booking)],
    ['Policy', words(booking.cancellationPolicy)],
    // Each side knows who it is itself.
    hostPayout ? ['Guest', booking.guestId] : ['Host', booking.hostId],
    ['Listing', booking.listingId],
    ['Id', booking.id],
    ['Times', `of ${knownZone(timeZone)}`],
  ];
}

function where({ address }: Booking): string | undefined {
  if (!address) return undefined;
  const { line1, neighbourhood, city, region, postalCode, country, latitude, longitude } = address;
  const lines = [line1, neighbourhood, city, [region, postalCode].filter(Boolean).join(' '), country];
  return `${lines.filter(Boolean).join(', ')} · ${latitude}, ${longitude}`;
}

/** `€480 paid`, `€480 reserved until the host answers`, `€480 paid, €240 given back`. */
export function paymentText({ status, amount, captured, refunded, failure }: Booking['payment']): string {
  const back = refunded.amount > 0 ? `, ${price(refunded)} given back` : '';
  const part = captured.amount > 0 ? `, ${price(captured)} of it paid${back}` : '';
  switch (status) {
    case 'requiresPaymentMethod':
      return `${price(amount)} to pay${part}${failure === null ? '' : `; the last try: ${declineText(failure)}`}`;
    case 'requiresAction':
      return `${price(amount)} to pay, awaiting 3-D Secure${part}`;
    case 'processing':
      return `${price(amount)} processing: the bank has not answered yet${part}`;
    case 'requiresCapture':
      return `${price(amount)} reserved until the host answers`;
    case 'succeeded':
      return `${price(captured)} paid${back}`;
    case 'cancelled':
      return captured.amount > 0 ? `${price(captured)} paid${back}` : 'nothing was charged';
    default:
      return `${words(status)}: ${price(captured)} of ${price(amount)}${back}`;
  }
}

function cancellationText({ cancellation, endedAt, timeZone }: Booking): string | undefined {
  if (!cancellation) return undefined;
  const { by, reason, refund, hostKeeps, penalty } = cancellation;
  return [
    `by the ${by}${endedAt === null ? '' : ` on ${localTime(endedAt, timeZone)}`}`,
    `${price(refund)} back`,
    ...(hostKeeps && hostKeeps.amount > 0 ? [`the host keeps ${price(hostKeeps)}`] : []),
    ...(penalty && penalty.amount > 0 ? [`the host owes ${price(penalty)}`] : []),
    ...(reason ? [`“${reason}”`] : []),
  ].join(', ');
}
