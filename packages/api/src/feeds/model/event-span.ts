import { addDays, nightsBetween } from '@sojourn/shared/nights';
import ICAL from 'ical.js';
import { type Component, propertyOf } from './calendar-text.ts';
import {
  isBefore,
  localDate,
  type Moment,
  momentsOf,
  movedTo,
  UnreadableValue,
  wallText,
} from './moments.ts';
import type { Zones } from './time-zones.ts';

/** When an event starts, and how many nights it takes from there. */
export interface EventSpan {
  start: Moment;
  nights: number;
}

/** An event ends before it starts. */
export class ReversedDates extends Error {}

/**
 * From the local date of the start to that of the end, which is not among the nights; at least one night, since whoever
 * writes an event means that something is taken.
 */
export function spanOf(event: Component, zones: Zones, timeZone: string): EventSpan {
  const start = firstMoment(event, 'dtstart', zones);
  if (!start) throw new UnreadableValue('It does not say when it starts.');
  const end = firstMoment(event, 'dtend', zones);
  const from = localDate(start, timeZone);
  const to = end ? localDate(end, timeZone) : addDays(from, lengthOf(event, start, from, timeZone));
  if (to < from || (to === from && end && isBefore(end, start)))
    throw new ReversedDates(
      `It ends (${end ? wallText(end) : to}) before it starts (${wallText(start)}), and is left out.`,
    );
  return { start, nights: Math.max(1, nightsBetween(from, to)) };
}

function firstMoment(event: Component, name: string, zones: Zones): Moment | undefined {
  const property = propertyOf(event, name);
  return property && momentsOf(property, zones)[0];
}

const SECONDS_A_DAY = 86_400;

/** The nights of a DURATION; none of an event that has neither an end nor a duration. */
function lengthOf(event: Component, start: Moment, from: string, timeZone: string): number {
  const value = propertyOf(event, 'duration')?.[3];
  if (value === undefined) return 0;
  if (!ICAL.Duration.isValueString(String(value))) throw new UnreadableValue('DURATION is none.');
  const seconds = ICAL.Duration.fromString(String(value)).toSeconds();
  if (Math.abs(seconds) > 20_000 * SECONDS_A_DAY) throw new UnreadableValue('DURATION is out of reach.');
  if (start.kind === 'date') return Math.ceil(seconds / SECONDS_A_DAY);
  // Days are those of the wall, as everywhere in calendars: a clock change makes none of them shorter.
  const end = start.wall.add({ seconds });
  return nightsBetween(from, localDate(movedTo(start, end.toString({ smallestUnit: 'second' })), timeZone));
}
