import { Temporal } from 'temporal-polyfill';

/**
 * The instant of a local time of day in an IANA time zone. A time that a clock change skips is taken as much later, one
 * that comes twice is the first of the two.
 *
 * @param time `"15:00"`
 */
export const instantAt = (date: string, time: string, timeZone: string): Date =>
  new Date(
    Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone, { disambiguation: 'compatible' })
      .epochMilliseconds,
  );

/** The date that calendars in a time zone show at an instant. */
export const dateAt = (instant: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
