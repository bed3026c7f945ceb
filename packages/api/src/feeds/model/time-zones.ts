import { isTimeZone } from '@sojourn/shared/listing';
import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { type Component, propertiesOf, propertyOf, textOf } from './calendar-text.ts';

/** Where the walls are that show the times of a calendar. */
export interface Zone {
  /** As IANA calls it; undefined for one that only the calendar knows. */
  name: string | undefined;
  instantOf(wall: Temporal.PlainDateTime): Temporal.Instant;
}

/** The zones that a calendar names. */
export interface Zones {
  utc: Zone;
  /** By a TZID; without one, and for one that nobody knows, times are those of the listing. */
  named(tzid: string | undefined): Zone;
}

const zoneNamed = (name: string): Zone => ({
  name,
  instantOf: (wall) => wall.toZonedDateTime(name, { disambiguation: 'compatible' }).toInstant(),
});

/** Of a whole calendar. */
const MAX_ZONES = 50;
const MAX_OBSERVANCES = 40;

/** @param onUnknown called once for each name that nobody knows */
export function zonesOf(calendar: Component, timeZone: string, onUnknown: (tzid: string) => void): Zones {
  const local = zoneNamed(timeZone);
  const known = new Map<string, Zone>();
  const defined = new Map(
    calendar[2]
      .filter(([name]) => name === 'vtimezone')
      .map((component) => [textOf(component, 'tzid') ?? '', component]),
  );
  let observances = 0;
  const find = (tzid: string): Zone | undefined => {
    if (known.size >= MAX_ZONES) return undefined;
    // The names of the world are better kept than what a file says of them.
    const name = ianaNameIn(tzid);
    if (name !== undefined) return zoneNamed(name);
    const component = defined.get(tzid);
    observances += component?.[2].length ?? 0;
    return component && observances <= MAX_OBSERVANCES ? zoneDefined(component) : undefined;
  };
  const findOrTell = (tzid: string): Zone => {
    const zone = find(tzid);
    if (!zone) onUnknown(tzid);
    return zone ?? local;
  };
  return {
    utc: zoneNamed('UTC'),
    named(tzid) {
      if (tzid === undefined) return local;
      if (!known.has(tzid)) known.set(tzid, findOrTell(tzid));
      return known.get(tzid)!;
    },
  };
}

/** Some put their own path before the name: `/citadel.org/20210210_1/Europe/Paris`. */
function ianaNameIn(tzid: string): string | undefined {
  const parts = tzid.slice(0, 200).split('/').filter(Boolean);
  const tails = [parts.join('/'), parts.slice(-3).join('/'), parts.slice(-2).join('/')];
  return tails.find((tail) => isTimeZone(tail));
}

/** The least to be expected of what a zone says of itself: it is followed from there, year by year. */
const FIRST_YEAR = 1600;
const MAX_LIST = 7;
const MAX_ORDINAL = 5;
/** Days that every month has, so that a rule by them comes true every year. */
const DAYS_OF_ALL_MONTHS = 28;

/** A zone that the file itself describes, when that is as simple as zones are: once a year to summer time and back. */
function zoneDefined(component: Component): Zone | undefined {
  if (!component[2].every(isPlain)) return undefined;
  const zone = new ICAL.Timezone(new ICAL.Component(component));
  const instantOf = (wall: Temporal.PlainDateTime) => {
    const seconds = zone.utcOffset(ICAL.Time.fromDateTimeString(wall.toString({ smallestUnit: 'second' })));
    return wall.toZonedDateTime('UTC').toInstant().subtract({ seconds });
  };
  try {
    instantOf(Temporal.PlainDateTime.from('2027-01-01T00:00:00'));
    return { name: undefined, instantOf };
  } catch {
    return undefined;
  }
}

function isPlain(observance: Component): boolean {
  const start = propertyOf(observance, 'dtstart')?.[3];
  if (Number(String(start).slice(0, 4)) < FIRST_YEAR) return false;
  return propertiesOf(observance, 'rrule').every(([, , , rule]) => isPlainRule(rule as Rule));
}

type Rule = Record<string, unknown>;

/** Whether a rule comes true every year: for one that never does the library looks through twenty thousand of them. */
function isPlainRule({
  freq,
  bymonth,
  byday,
  bymonthday,
  until: _,
  wkst: __,
  interval = 1,
  ...rest
}: Rule): boolean {
  return (
    freq === 'YEARLY' &&
    interval === 1 &&
    Object.keys(rest).length === 0 &&
    [bymonth, byday, bymonthday].every((list) => listOf(list).length <= MAX_LIST) &&
    listOf(byday).every((day) => Math.abs(Number(day.slice(0, -2))) <= MAX_ORDINAL) &&
    listOf(bymonthday).every((day) => Number(day) >= 1 && Number(day) <= DAYS_OF_ALL_MONTHS)
  );
}

const listOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));
