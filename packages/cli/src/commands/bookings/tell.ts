import type { Booking } from '@sojourn/sdk';
import { oneLine } from '../../controls.ts';
import type { Io } from '../../io.ts';
import { knownZone, localTime, stayDates } from '../../local-time.ts';
import { price } from '../../price.ts';
import { declineText } from './decline-text.ts';
import { statusText } from './status.ts';

/** How a booking stands, to whoever just made or paid it, and what they can do next. */
export function tellBooking(io: Io, booking: Booking): void {
  const { id, payment } = booking;
  if (payment.status === 'requiresAction') tellAction(io, booking);
  else if (payment.status === 'processing') {
    io.say(`The bank has not answered yet: ${whatText(booking)}. Nothing is to be done but to wait.`);
    io.hint(`sojourn bookings get ${id}`);
  } else tellStatus(io, booking);
}

function tellStatus(io: Io, booking: Booking): void {
  const { id, status, total, payment } = booking;
  const what = whatText(booking);
  const by = (instant: string | null) => deadlineText(booking, instant);
  if (status === 'held') io.success(`Held: ${what}. Pay ${price(total)}${by(booking.holdExpiresAt)}.`);
  else if (status === 'requested')
    io.success(`Asked for: ${what}. The host answers${by(booking.respondBy)}.`);
  else if (status === 'confirmed') io.success(`Confirmed: ${what}.`);
  else io.say(`The booking is ${statusText(oneLine(status))}: ${what}.`);
  if (status === 'held' && payment.failure !== null)
    io.warn(`The last try to pay came to nothing: ${declineText(payment.failure)}.`);
  io.hint(
    status === 'held' ? `sojourn bookings pay ${id} --method pm_card_visa` : `sojourn bookings get ${id}`,
  );
}

/** Only the guest can show the bank who they are, on its page. The booking follows by itself. */
function tellAction(io: Io, booking: Booking): void {
  const { id, holdExpiresAt, status, payment } = booking;
  const by = status === 'held' ? deadlineText(booking, holdExpiresAt) : '';
  io.warn(`Not paid yet: the bank wants to know that it is you (3-D Secure)${by}.`);
  if (payment.nextActionUrl === null) io.hint(`sojourn bookings pay ${id} --method pm_card_visa`);
  else {
    io.say(`  Open this in a browser; the booking follows by itself: ${whatText(booking)}.`);
    io.print(oneLine(payment.nextActionUrl));
    io.hint(`sojourn bookings get ${id}`);
  }
}

const whatText = ({ listingTitle, checkIn, checkOut }: Booking) =>
  `${oneLine(listingTitle)}, ${stayDates(checkIn, checkOut)}`;

const deadlineText = ({ timeZone }: Booking, instant: string | null) =>
  instant === null ? '' : ` by ${localTime(instant, timeZone)} (${oneLine(knownZone(timeZone))})`;
