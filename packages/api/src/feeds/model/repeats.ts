import { addDays } from '@sojourn/shared/nights';
import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import type { Nights } from '../../calendar/model/nights.ts';
import { type Component, type Property, propertiesOf } from './calendar-text.ts';
import { identityOf, type Moment, momentsOf, movedTo, UnreadableValue, wallText } from './moments.ts';
import type { Zones } from './time-zones.ts';

/**
 * What all rules of a calendar together may take: steps of about a microsecond each. A rule that never comes true would
 * be followed for ever.
 */
export interface RepeatBudget {
  steps: number;
}

export interface RepeatRules extends Nights {
  zones: Zones;
  budget: RepeatBudget;
  /** Told of each value that cannot be read. */
  onUnreadable: (error: UnreadableValue) => void;
}

const MAX_INTERVAL = 1_000;
const MAX_LIST = 100;
/** What the library does with one rule, date, year, day of a month or value, in steps. */
const COST = { rule: 200, date: 5, year: 200, day: 4, value: 20 };

/** The rules took more than the budget. */
export class BudgetSpent extends Error {}

/** Thrown within the library's search when it leaves the time that matters. */
class Passed extends Error {}

const REPEATING = ['rrule', 'rdate', 'exdate'];

export const doesRepeat = ([, properties]: Component): boolean =>
  properties.some(([name]) => REPEATING.includes(name));

/**
 * Where an event that repeats starts, from one date to another, with what RDATE adds and without what EXDATE takes away.
 *
 * @param replaced instances that have an event of their own, by their identity
 */
export function startsOf(
  event: Component,
  first: Moment,
  replaced: ReadonlySet<string>,
  rules: RepeatRules,
): Moment[] {
  const { from, to, budget } = rules;
  const excluded = readableMoments(event, 'exdate', rules);
  const out = new Set([...excluded.map(identityOf), ...replaced]);
  // A date among the exceptions of an event with times means all of that day.
  const days = new Set(excluded.filter(({ kind }) => kind === 'date').map(wallText));
  const walls = new Set([wallText(first)]);
  for (const rule of propertiesOf(event, 'rrule'))
    for (const wall of wallsOf(rule, first, to, budget)) if (wall >= from) walls.add(wall);
  const added = readableMoments(event, 'rdate', rules);
  const all = [...[...walls].sort().map((wall) => movedTo(first, wall)), ...added];
  if (out.size === 0) return all;
  return all.filter((moment) => !out.has(identityOf(moment)) && !days.has(wallText(moment).slice(0, 10)));
}

/** The moments of properties; one that cannot be read takes nothing of the others away. */
function readableMoments(
  event: Component,
  name: string,
  { zones, budget, onUnreadable }: RepeatRules,
): Moment[] {
  return propertiesOf(event, name).flatMap((property) => {
    spend(budget, COST.value * (property.length - 3));
    try {
      return momentsOf(property, zones);
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      onUnreadable(error);
      return [];
    }
  });
}

/** The walls of a rule's dates, in their order, up to a date. */
function* wallsOf(
  [, , , rule]: Property,
  start: Moment,
  last: string,
  budget: RepeatBudget,
): Generator<string> {
  // The library compares the end of a rule without its zone, so that is done here.
  const { until, ...parts } = rule as Record<string, unknown> & { until?: string };
  const isOver = until === undefined ? () => false : endOf(until, start);
  try {
    const dates = boundedIterator(ICAL.Recur.fromData(parts), timeOf(start), last, budget);
    for (let next = dates.next(); next; next = dates.next()) {
      const wall = next.toString();
      if (isOver(wall)) return;
      yield wall;
    }
  } catch (error) {
    if (!(error instanceof Passed)) throw error;
  }
}

const timeOf = (moment: Moment): ICAL.Time =>
  moment.kind === 'date'
    ? ICAL.Time.fromDateString(moment.date)
    : ICAL.Time.fromDateTimeString(wallText(moment));

/** Whether a wall lies after UNTIL: a date lasts all day, and what is given in UTC lies elsewhere on the wall. */
function endOf(until: string, start: Moment): (wall: string) => boolean {
  const date = until.slice(0, 10);
  if (start.kind === 'date' || until.length === 10) return (wall) => wall.slice(0, 10) > date;
  if (!until.endsWith('Z')) return (wall) => wall > until;
  const end = Temporal.Instant.from(until);
  const [surelyNot, surely] = [addDays(date, -2), addDays(date, 2)];
  return (wall) => {
    if (wall < surelyNot || wall > surely) return wall > surely;
    const moment = movedTo(start, wall);
    return moment.kind === 'time' && Temporal.Instant.compare(moment.zone.instantOf(moment.wall), end) > 0;
  };
}

function spend(budget: RepeatBudget, steps: number): void {
  budget.steps -= steps;
  if (budget.steps < 0) throw new BudgetSpent();
}

/** What repeats within a day is no stay; and the library goes through each day of an interval, and all of a list. */
function assertFeasible({ freq, interval, parts }: ICAL.Recur): void {
  if (['SECONDLY', 'MINUTELY', 'HOURLY'].includes(freq))
    throw new UnreadableValue(`${freq} is not followed.`);
  if (interval > MAX_INTERVAL) throw new UnreadableValue(`An interval of ${interval} is not followed.`);
  if (Object.values(parts).some((list) => (list?.length ?? 0) > MAX_LIST))
    throw new UnreadableValue(`A list of more than ${MAX_LIST} is not followed.`);
}

/** The library's search, the steps of which are counted, and which ends with the time that matters. */
function boundedIterator(
  rule: ICAL.Recur,
  dtstart: ICAL.Time,
  last: string,
  budget: RepeatBudget,
): ICAL.RecurIterator {
  assertFeasible(rule);
  const lastYear = Number(last.slice(0, 4));
  const listed = Object.values(rule.parts).reduce((sum, list) => sum + (list?.length ?? 0), 0);
  const load = 1 + listed / 10 + rule.interval / 20;
  const step = (time: ICAL.Time, cost: number) => {
    spend(budget, cost * load);
    if (time.year > lastYear) throw new Passed();
  };
  step(dtstart, COST.rule);
  // Whatever the search goes through comes by one of these.
  class Bounded extends ICAL.RecurIterator {
    override check_contracting_rules(): boolean {
      step(this.last, COST.date);
      return super.check_contracting_rules();
    }
    override expand_year_days(year: number): number {
      step(this.last, COST.year);
      return super.expand_year_days(year);
    }
    override increment_month(): void {
      step(this.last, COST.date);
      super.increment_month();
    }
    override is_day_in_byday(day: ICAL.Time): 0 | 1 {
      step(this.last, COST.day);
      return super.is_day_in_byday(day);
    }
  }
  return new Bounded({ rule, dtstart });
}
