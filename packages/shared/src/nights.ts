import { z } from 'zod';

// Nights are local calendar dates without a time zone: 2027-03-28 is the night that begins on that date, however many
// hours it has. A stay is the half-open range `[checkIn, checkOut)`.

const DAY_MS = 86_400_000;
const TEXT = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Days since 1970-01-01. Undefined when the text is not a date of the calendar, such as 2027-02-29. */
export function dayNumberOf(text: string): number | undefined {
  if (!TEXT.test(text)) return undefined;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  // Date.parse takes 2027-02-30 for March 2nd.
  return Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text
    ? undefined
    : milliseconds / DAY_MS;
}

// Calendars write the same few years of dates over and over, and writing one costs a microsecond.
const written = new Map<number, string>();
const MAX_WRITTEN = 100_000;

/** The date so many days after 1970-01-01. */
export function dateOfDay(day: number): string {
  let date = written.get(day);
  if (date === undefined) {
    date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    if (written.size < MAX_WRITTEN) written.set(day, date);
  }
  return date;
}

/** @throws when the text is no date: for dates that were checked when they came in. */
export function dayOf(date: string): number {
  const day = dayNumberOf(date);
  if (day === undefined) throw new RangeError(`${date} is not a date`);
  return day;
}

export const isDate = (text: string): boolean => dayNumberOf(text) !== undefined;

export const addDays = (date: string, days: number): string => dateOfDay(dayOf(date) + days);

/** How many nights lie in `[from, to)`; negative when they are the wrong way round. */
export const nightsBetween = (from: string, to: string): number => dayOf(to) - dayOf(from);

/** Every date of `[from, to)`. */
export function datesBetween(from: string, to: string): string[] {
  const first = dayOf(from);
  return Array.from({ length: Math.max(0, dayOf(to) - first) }, (_, index) => dateOfDay(first + index));
}

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export const weekdayOf = (date: string): number => ((((dayOf(date) + 3) % 7) + 7) % 7) + 1;

/** The nights for which a weekend price holds: those that begin on a Friday or Saturday. */
export const isWeekendNight = (date: string): boolean => [5, 6].includes(weekdayOf(date));

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const LocalDate = z
  .string()
  .refine((text) => isDate(text) && text >= '1970' && text < '2200', 'must be a date such as "2027-05-01"')
  .meta({
    id: 'LocalDate',
    description: "A calendar date in the listing's time zone.",
    examples: ['2027-05-01'],
    format: 'date',
  });
