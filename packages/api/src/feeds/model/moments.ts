import { isDate } from '@sojourn/shared/nights';
import { Temporal } from 'temporal-polyfill';
import { type Property, parameterOf } from './calendar-text.ts';
import type { Zone, Zones } from './time-zones.ts';

/** A date, or a time of day on a date in the zone in which the calendar has it. */
export type Moment =
  | { kind: 'date'; date: string }
  | { kind: 'time'; text: string; wall: Temporal.PlainDateTime; zone: Zone };

/** `2027-05-01T15:00:00` */
const TIME_CHARACTERS = 19;

/** A value of a calendar is not what it should be. */
export class UnreadableValue extends Error {}

/** Later and earlier than that is no stay, and makes what counts years count long. */
const YEARS = { first: 1900, last: 2200 };

/** Each value of a DTSTART, DTEND, RDATE, EXDATE or RECURRENCE-ID. Of a period it is the beginning. */
export const momentsOf = (property: Property, zones: Zones): Moment[] =>
  property.slice(3).map((value) => momentOf(Array.isArray(value) ? value[0] : value, property, zones));

/** @param value as jCal has it: `2027-05-01`, `2027-05-01T15:00:00`, the same with a Z for UTC */
function momentOf(value: unknown, property: Property, zones: Zones): Moment {
  const text = dateWithoutTime(String(value));
  if (isDate(text)) return inReach({ kind: 'date', date: text });
  const isUtc = text.endsWith('Z');
  const zone = isUtc ? zones.utc : zones.named(parameterOf(property, 'tzid'));
  return inReach(timeOn(isUtc ? text.slice(0, -1) : text, zone, property[0]));
}

/** A date where a time would be, as the parser shows it: some forget to say VALUE=DATE. */
const dateWithoutTime = (text: string) => (text.endsWith('T::') ? text.slice(0, -3) : text);

function timeOn(text: string, zone: Zone, name: string): Moment {
  try {
    if (text.length === TIME_CHARACTERS)
      return { kind: 'time', text, wall: Temporal.PlainDateTime.from(text), zone };
  } catch {
    // Told like everything else that is no time.
  }
  throw new UnreadableValue(`${name.toUpperCase()} is no date and no time.`);
}

function inReach(moment: Moment): Moment {
  const year = moment.kind === 'date' ? Number(moment.date.slice(0, 4)) : moment.wall.year;
  if (year < YEARS.first || year > YEARS.last) throw new UnreadableValue(`The year ${year} is out of reach.`);
  return moment;
}

/** As the wall shows it; texts of one event sort as its moments do. */
export const wallText = (moment: Moment): string => (moment.kind === 'date' ? moment.date : moment.text);

/** The same event in another place of its series. */
export const movedTo = (moment: Moment, wall: string): Moment =>
  moment.kind === 'date'
    ? { kind: 'date', date: wall.slice(0, 10) }
    : { ...moment, text: wall, wall: Temporal.PlainDateTime.from(wall) };

/** What a moment is known by, in whatever zone it is written. */
export const identityOf = (moment: Moment): string =>
  moment.kind === 'date' ? moment.date : moment.zone.instantOf(moment.wall).toString();

/** The date on which a moment is where the listing is. */
export function localDate(moment: Moment, timeZone: string): string {
  if (moment.kind === 'date') return moment.date;
  if (moment.zone.name === timeZone) return moment.text.slice(0, 10);
  return moment.zone.instantOf(moment.wall).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** Whether an event would end before it starts. */
export function isBefore(end: Moment, start: Moment): boolean {
  if (end.kind === 'date' || start.kind === 'date') return false;
  if (end.zone === start.zone) return end.text < start.text;
  return identityOf(end) < identityOf(start);
}
