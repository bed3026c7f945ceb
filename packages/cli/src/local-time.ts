// Instants as clocks show them where a home is. The server alone computes a deadline: here it is only written out.

/** The time zone, or UTC where this Node.js does not know it: to write times in, and to name beside them. */
export function knownZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return timeZone;
  } catch {
    return 'UTC';
  }
}

/** `Mon, Apr 26, 2027, 15:00`. Seconds are left out, so that a deadline is never told too late. */
export const localTime = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: knownZone(timeZone),
  }).format(new Date(instant));

/** `2027-01-01 00:00`, in UTC. */
export const moment = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** `Sat, May 1 – Wed, May 5, 2027`. */
export function stayDates(checkIn: string, checkOut: string): string {
  const sameYear = checkIn.slice(0, 4) === checkOut.slice(0, 4);
  return `${dayText(checkIn, !sameYear)} – ${dayText(checkOut, true)}`;
}

const dayText = (date: string, withYear: boolean) =>
  new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    ...(withYear && { year: 'numeric' }),
    timeZone: 'UTC',
  }).format(new Date(`${date}T00:00:00Z`));
