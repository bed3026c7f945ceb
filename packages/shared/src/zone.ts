import { Temporal } from 'temporal-polyfill';
import { dateOfDay, dayOf } from './nights.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** No zone was ever further from UTC. */
const MOST_OFFSET_MS = 16 * HOUR_MS;

/**
 * The instant of a local time of day in an IANA time zone. A time that a clock change skips is taken as much later, one
 * that comes twice is the first of the two.
 *
 * @param time `"15:00"`
 */
export function instantAt(date: string, time: string, timeZone: string): Date {
  const [hours, minutes] = time.split(':');
  const local = dayOf(date) * DAY_MS + Number(hours) * HOUR_MS + Number(minutes) * 60_000;
  const offset = steadyOffset(local - MOST_OFFSET_MS, local + MOST_OFFSET_MS, timeZone);
  return new Date(offset === undefined ? epochOf(`${date}T${time}`, timeZone) : local - offset);
}

/** The date that calendars in a time zone show at an instant. */
export function dateAt(instant: Date, timeZone: string): string {
  const time = instant.getTime();
  const offset = steadyOffset(time, time, timeZone) ?? offsetAt(time, timeZone);
  return dateOfDay(Math.floor((time + offset) / DAY_MS));
}

const epochOf = (local: string, timeZone: string) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone, { disambiguation: 'compatible' })
    .epochMilliseconds;

const offsetAt = (time: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(time)).toZonedDateTimeISO(timeZone).offsetNanoseconds /
  1_000_000;

// Asking Temporal takes some 15 µs, and the price of a stay asks ten times. What is remembered is how far a zone is
// from UTC as a day of UTC begins: between two such moments with one and the same offset no clock changed.
const offsets = new Map<string, Map<number, number>>();
/** Days that are remembered of a zone: more than anybody books ahead. */
const MOST_DAYS = 3_000;

/** The offset of a zone during all of a span, in milliseconds; undefined when a clock may have changed within it. */
function steadyOffset(from: number, to: number, timeZone: string): number | undefined {
  const first = Math.floor(from / DAY_MS);
  const offset = offsetOnDay(first, timeZone);
  for (let day = first + 1; day <= Math.floor(to / DAY_MS) + 1; day++)
    if (offsetOnDay(day, timeZone) !== offset) return undefined;
  return offset;
}

function offsetOnDay(day: number, timeZone: string): number {
  let days = offsets.get(timeZone);
  if (!days || days.size > MOST_DAYS) {
    days = new Map();
    offsets.set(timeZone, days);
  }
  let offset = days.get(day);
  if (offset === undefined) {
    offset = offsetAt(day * DAY_MS, timeZone);
    days.set(day, offset);
  }
  return offset;
}
