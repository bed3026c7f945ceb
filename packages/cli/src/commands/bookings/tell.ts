import type { Booking } from '@sojourn/sdk';
import { oneLine } from '../../controls.ts';
import type { Io } from '../../io.ts';
import { knownZone, localTime, stayDates } from '../../local-time.ts';
import { price } from '../../price.ts';
import { statusText } from './status.ts';

/** How a booking stands, to whoever just made or paid it, and what they can do next. */
export function tellBooking(io: Io, booking: Booking): void {
  const { id, status, total, checkIn, checkOut, listingTitle } = booking;
  const what = `${oneLine(listingTitle)}, ${stayDates(checkIn, checkOut)}`;
  const by = (instant: string | null) => deadlineText(booking, instant);
  if (status === 'held') io.success(`Held: ${what}. Pay ${price(total)}${by(booking.holdExpiresAt)}.`);
  else if (status === 'requested')
    io.success(`Asked for: ${what}. The host answers${by(booking.respondBy)}.`);
  else if (status === 'confirmed') io.success(`Confirmed: ${what}.`);
  else io.say(`The booking is ${statusText(oneLine(status))}: ${what}.`);
  io.hint(
    status === 'held' ? `sojourn bookings pay ${id} --method pm_card_visa` : `sojourn bookings get ${id}`,
  );
}

const deadlineText = ({ timeZone }: Booking, instant: string | null) =>
  instant === null ? '' : ` by ${localTime(instant, timeZone)} (${oneLine(knownZone(timeZone))})`;
