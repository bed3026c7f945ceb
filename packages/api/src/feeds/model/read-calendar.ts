import { createHash } from 'node:crypto';
import { addDays } from '@sojourn/shared/nights';
import type { Nights } from '../../calendar/model/nights.ts';
import {
  CalendarRefused,
  type Component,
  parseCalendars,
  plain,
  propertyOf,
  textOf,
} from './calendar-text.ts';
import { type EventSpan, ReversedDates, spanOf } from './event-span.ts';
import type { FeedEvent, FeedWarning } from './feed.ts';
import { identityOf, localDate, type Moment, momentsOf, UnreadableValue, wallText } from './moments.ts';
import { BudgetSpent, doesRepeat, type RepeatBudget, startsOf } from './repeats.ts';
import { type Zones, zonesOf } from './time-zones.ts';

export interface ReadingWindow extends Nights {
  /** The listing's. */
  timeZone: string;
}

/** What a calendar says of the nights in a window. */
export interface Reading {
  events: FeedEvent[];
  warnings: FeedWarning[];
}

const MAX_EVENTS = 5_000;
/** Of all events of a calendar that repeat together. */
const MAX_REPETITIONS = 1_000;
const MAX_STEPS = 200_000;
const MAX_WARNINGS = 50;
const SUMMARY_CHARACTERS = 200;

/**
 * Which nights a calendar says are taken. What cannot be taken as it stands is told in warnings; a text that is no
 * calendar is refused as a whole.
 *
 * An event that says of itself that it keeps nobody busy (TRANSP:TRANSPARENT) takes its nights all the same: programs
 * give whole-day events that mark unasked, and a night sold twice is worse than a night not sold.
 *
 * @throws CalendarRefused
 */
export function readCalendar(text: string, window: ReadingWindow): Reading {
  const calendars = parseCalendars(text);
  const count = calendars.reduce((sum, calendar) => sum + eventsOf(calendar).length, 0);
  if (count > MAX_EVENTS)
    throw new CalendarRefused('too_many_events', `It has ${count} events; at most ${MAX_EVENTS} are read.`);
  const reader = new Reader(window);
  for (const calendar of calendars) reader.read(calendar);
  return { events: reader.events, warnings: reader.warnings };
}

const eventsOf = ([, , components]: Component) => components.filter(([name]) => name === 'vevent');
const later = (a: string, b: string) => (a > b ? a : b);
const earlier = (a: string, b: string) => (a < b ? a : b);
const uidOf = (event: Component) => textOf(event, 'uid') ?? '';

/** Gathers what one text says: its limits are those of all its calendars together. */
class Reader {
  readonly events: FeedEvent[] = [];
  readonly warnings: FeedWarning[] = [];
  readonly #window: ReadingWindow;
  readonly #budget: RepeatBudget = { steps: MAX_STEPS };
  /** How often each key came. */
  readonly #keys = new Map<string, number>();
  #repetitions = 0;

  constructor(window: ReadingWindow) {
    this.#window = window;
  }

  read(calendar: Component): void {
    const zones = zonesOf(calendar, this.#window.timeZone, (tzid) =>
      this.#warn('unknown_time_zone', `"${tzid}" is no zone: its times are taken as the listing's.`),
    );
    const events = eventsOf(calendar);
    const replaced = replacedInstances(events, zones);
    for (const event of events) this.#readEvent(event, zones, replaced.get(uidOf(event)) ?? new Set());
  }

  #readEvent(event: Component, zones: Zones, replaced: ReadonlySet<string>): void {
    if (textOf(event, 'status')?.toUpperCase() === 'CANCELLED') return;
    try {
      const span = spanOf(event, zones, this.#window.timeZone);
      if (doesRepeat(event) && !propertyOf(event, 'recurrence-id'))
        this.#repeat(event, span, zones, replaced);
      else this.#add(event, span.start, span.nights);
    } catch (error) {
      this.#warn(...told(error), uidOf(event));
    }
  }

  #repeat(event: Component, span: EventSpan, zones: Zones, replaced: ReadonlySet<string>): void {
    const from = addDays(this.#window.from, -span.nights - 2);
    const onUnreadable = ({ message }: Error) =>
      this.#warn('unreadable_value', `${message} It is left out of the repetition.`, uidOf(event));
    const rules = { from, to: this.#window.to, zones, budget: this.#budget, onUnreadable };
    let starts = [span.start];
    try {
      starts = startsOf(event, span.start, replaced, rules);
    } catch (error) {
      const why = error instanceof BudgetSpent ? 'The calendar repeats too much.' : (error as Error).message;
      this.#warn('unreadable_rule', `It is taken once, without its repetition: ${why}`, uidOf(event));
    }
    for (const start of starts) {
      if (this.#repetitions >= MAX_REPETITIONS) {
        const detail = `It repeats too often: ${MAX_REPETITIONS} repetitions of a calendar are taken.`;
        this.#warn('too_many_repeats', detail, uidOf(event));
        return;
      }
      if (this.#add(event, start, span.nights)) this.#repetitions += 1;
    }
  }

  /** Answers whether any of its nights lie in the window. */
  #add(event: Component, start: Moment, count: number): boolean {
    const date = localDate(start, this.#window.timeZone);
    const end = addDays(date, count);
    const from = later(date, this.#window.from);
    const to = earlier(end, this.#window.to);
    if (from >= to) return false;
    const summary = plain(textOf(event, 'summary') ?? '', SUMMARY_CHARACTERS) || null;
    this.events.push({ key: this.#keyOf(event, start), nights: { from, to }, summary });
    return true;
  }

  /** Names an event by its UID and its place: some give two events one UID, and some even that place. */
  #keyOf(event: Component, start: Moment): string {
    const name = `${uidOf(event)}\n${wallText(start)}`;
    const before = this.#keys.get(name) ?? 0;
    this.#keys.set(name, before + 1);
    return createHash('sha256').update(`${name}\n${before}`).digest('base64url');
  }

  #warn(code: string, detail: string, uid?: string): void {
    if (this.warnings.length < MAX_WARNINGS)
      this.warnings.push({
        code,
        detail: plain(detail, 300),
        uid: uid === undefined ? null : plain(uid, 100),
      });
  }
}

function told(error: unknown): [code: string, detail: string] {
  if (error instanceof ReversedDates) return ['reversed_dates', error.message];
  if (error instanceof UnreadableValue || error instanceof RangeError)
    return ['unreadable_event', `${error.message} It is left out.`];
  throw error;
}

/** The instances that have an event of their own, by the UID of their series. */
function replacedInstances(events: readonly Component[], zones: Zones): Map<string, Set<string>> {
  const replaced = new Map<string, Set<string>>();
  for (const event of events) {
    const place = propertyOf(event, 'recurrence-id');
    if (!place) continue;
    const places = replaced.get(uidOf(event)) ?? new Set();
    replaced.set(uidOf(event), places.add(identityOfPlace(place, zones)));
  }
  return replaced;
}

function identityOfPlace(place: Parameters<typeof momentsOf>[0], zones: Zones): string {
  try {
    return identityOf(momentsOf(place, zones)[0]!);
  } catch {
    // What cannot be read replaces nothing; the event itself is read all the same.
    return '';
  }
}
