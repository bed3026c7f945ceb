import type { Currency, Money } from '@sojourn/shared/money';
import {
  addDays,
  datesBetween,
  nightsBetween,
  WEEKDAYS,
  type Weekday,
  weekdayOf,
} from '@sojourn/shared/nights';
import type { ListingStatus } from '@sojourn/shared/vocabulary';
import { dateAt, instantAt } from '@sojourn/shared/zone';
import { publicId } from '../../platform/id.ts';
import { type Nights, OCCUPIED_KINDS, type Taken } from './nights.ts';
import type { Ranged } from './patches.ts';
import type { DaySettings } from './settings.ts';

/** Two years, and what a caller needs around them. */
export const MAX_DAYS_READ = 750;

/** A guest's reasons, then those that the host is told instead of `unavailable`. */
export const REASONS = [
  'unavailable',
  'past',
  'notice',
  'beyondWindow',
  ...OCCUPIED_KINDS,
  'preparation',
] as const;
export type Reason = (typeof REASONS)[number];

const HOUR_MS = 3_600_000;

export interface SeasonFacts extends Nights {
  price: number | null;
  weekendPrice: number | null;
  minNights: number | null;
  maxNights: number | null;
}

/** What the days of a calendar are made of. */
export interface CalendarFacts {
  hostId: string;
  status: ListingStatus;
  timeZone: string | null;
  currency: Currency | null;
  basePrice: number | null;
  weekendPrice: number | null;
  minNights: number;
  maxNights: number | null;
  arrivalMinNights: Partial<Record<Weekday, number>>;
  checkInFrom: string;
  advanceNoticeHours: number;
  bookingWindowDays: number;
  preparationNights: number;
  version: number;
  settings: Ranged<DaySettings>[];
  seasons: SeasonFacts[];
  blocks: (Nights & { note: string | null })[];
  taken: (Taken & { preparationNights: number; bookingId: string | null })[];
}

export interface CalendarDay {
  date: string;
  available: boolean;
  price: Money | null;
  minNights: number;
  maxNights: number | null;
  closedToArrival: boolean;
  closedToDeparture: boolean;
  reason: Reason | null;
  note?: string | null;
  bookingId?: string | null;
}

/** Which nights can be booked as far as the clock is concerned: those of `[today, end)` from `first` on. */
export interface BookingWindow {
  today: string;
  first: string;
  end: string;
}

type Rules = Pick<CalendarFacts, 'timeZone' | 'checkInFrom' | 'advanceNoticeHours' | 'bookingWindowDays'>;

export const todayAt = (timeZone: string | null, now: Date): string => dateAt(now, timeZone ?? 'UTC');

/** A night can be booked when its check-in is no sooner than the notice that the host wants, and not too far ahead. */
export function bookingWindow(
  { timeZone, checkInFrom, advanceNoticeHours, bookingWindowDays }: Rules,
  now: Date,
): BookingWindow {
  const zone = timeZone ?? 'UTC';
  const today = todayAt(timeZone, now);
  const soonest = new Date(now.getTime() + advanceNoticeHours * HOUR_MS);
  const date = dateAt(soonest, zone);
  const inTime = instantAt(date, checkInFrom, zone) >= soonest;
  return { today, first: inTime ? date : addDays(date, 1), end: addDays(today, bookingWindowDays) };
}

/** Every date of `[from, to)`. Only who may see the whole calendar is told what takes a night, and the notes. */
export function daysOf(
  facts: CalendarFacts,
  range: Nights,
  clock: BookingWindow,
  whole: boolean,
): CalendarDay[] {
  const dates = datesBetween(range.from, range.to);
  const place = placeIn(dates);
  const at = <R extends Nights>(ranges: readonly R[]) =>
    spread(
      ranges.map((one) => ({ start: place(one.from), end: place(one.to), what: one })),
      dates.length,
    );
  const [settings, seasons, blocks] = [at(facts.settings), at(facts.seasons), at(facts.blocks)];
  const closures = spread(closuresOf(facts, place, whole), dates.length);
  const hidden = !whole && facts.status !== 'published';
  const weekday = weekdayOf(range.from);
  return dates.map((date, index) => {
    const [own, closure] = [settings[index], closures[index]];
    const reason = reasonOf(date, clock, hidden ? 'unavailable' : closure?.reason, whole);
    const day = dayWith(facts, date, ((weekday - 1 + index) % 7) + 1, reason, own, seasons[index]);
    if (whole) {
      day.note = blocks[index]?.note ?? own?.note ?? null;
      day.bookingId = closure?.bookingId ?? null;
    }
    return day;
  });
}

/** The price and the rules of a date: what is said of the date itself, else of its season, else of the listing. */
function dayWith(
  facts: CalendarFacts,
  date: string,
  weekday: number,
  reason: Reason | null,
  own: DaySettings | undefined,
  season: SeasonFacts | undefined,
): CalendarDay {
  const weekend = weekday === 5 || weekday === 6;
  const amount =
    own?.price ??
    (weekend ? season?.weekendPrice : null) ??
    season?.price ??
    (weekend ? facts.weekendPrice : null) ??
    facts.basePrice;
  return {
    date,
    available: reason === null,
    price: amount === null || facts.currency === null ? null : { amount, currency: facts.currency },
    minNights:
      own?.minNights ??
      season?.minNights ??
      facts.arrivalMinNights[WEEKDAYS[weekday - 1]!] ??
      facts.minNights,
    maxNights: own?.maxNights ?? season?.maxNights ?? facts.maxNights,
    closedToArrival: own?.closedToArrival ?? false,
    closedToDeparture: own?.closedToDeparture ?? false,
    reason,
  };
}

/** The host is told first what takes the night, a guest first what the clock says. */
function reasonOf(
  date: string,
  { today, first, end }: BookingWindow,
  closed: Reason | undefined,
  whole: boolean,
): Reason | null {
  if (whole && closed) return closed;
  if (date < today) return 'past';
  if (closed) return 'unavailable';
  if (date < first) return 'notice';
  return date < end ? null : 'beyondWindow';
}

interface Closed {
  reason: Reason;
  bookingId: string | null;
}

/** Something for the dates from one place in a list of dates to another, whether or not the list reaches that far. */
interface Placed<T> {
  start: number;
  end: number;
  what: T;
}
type PlaceOf = (date: string) => number;

/** Where dates are in a list of consecutive dates: quicker than to reckon with each. */
function placeIn(dates: readonly string[]): PlaceOf {
  const places = new Map(dates.map((date, index) => [date, index]));
  return (date) => places.get(date) ?? nightsBetween(dates[0]!, date);
}

const PREPARATION: Closed = { reason: 'preparation', bookingId: null };

/**
 * Taken nights and, under them, those that hosts need to prepare the home: after a stay as many as it was booked with,
 * and before the next as many as a new stay would need after it.
 */
function closuresOf(
  { taken, preparationNights }: CalendarFacts,
  place: PlaceOf,
  whole: boolean,
): Placed<Closed>[] {
  const placed = taken.map((one) => ({ ...one, start: place(one.from), end: place(one.to) }));
  const stays = placed.filter(({ kind }) => kind === 'hold' || kind === 'booking');
  return [
    ...stays.flatMap(({ start, end, preparationNights: after }) => [
      { start: start - preparationNights, end: start, what: PREPARATION },
      { start: end, end: end + after, what: PREPARATION },
    ]),
    ...placed.map(({ start, end, kind, bookingId }) => ({
      start,
      end,
      what: { reason: kind, bookingId: whole && bookingId ? publicId('bkg', bookingId) : null },
    })),
  ];
}

/** For each of `count` places what lies there, the last of several. */
function spread<T>(all: readonly Placed<T>[], count: number): (T | undefined)[] {
  const places = new Array<T | undefined>(count);
  for (const { start, end, what } of all)
    for (let index = Math.max(0, start); index < Math.min(count, end); index++) places[index] = what;
  return places;
}
