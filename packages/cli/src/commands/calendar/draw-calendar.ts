import { addDays } from '@sojourn/shared/nights';
import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { price } from '../../price.ts';
import { count, truncate, widthOf, wrap } from '../../render.ts';
import { type Day, daysOfMonth, drawMonth, MONTH_WIDTH } from './draw-month.ts';
import { CLOSURES, type Closure, closureOf, markOf, rankOf } from './marks.ts';

export interface Calendar {
  title: string;
  timeZone: string | null;
  basePrice: { amount: number; currency: string } | null;
  /** Such as `2027-05`, one after the other. */
  months: readonly string[];
  days: readonly Day[];
}

const GAP = 4;

/** The whole picture: what it is the calendar of, the months beside each other as far as they fit, what the signs mean. */
export function drawCalendar(calendar: Calendar, columns: number, paint: Colours): string {
  const { months, days } = calendar;
  const byDate = new Map(days.map((day) => [day.date, day]));
  const beside = Math.max(1, Math.floor((columns + GAP) / (MONTH_WIDTH + GAP)));
  const rows = Array.from({ length: Math.ceil(months.length / beside) }, (_, row) =>
    sideBySide(
      months.slice(row * beside, (row + 1) * beside).map((month) => drawMonth(month, byDate, paint)),
    ),
  );
  const notes = noteLines(calendar, columns, paint);
  return [
    heading(calendar, columns, paint),
    '',
    rows.join('\n\n'),
    '',
    ...(notes.length > 0 ? [...notes, ''] : []),
    ...legend(days, columns, paint),
  ].join('\n');
}

function heading({ title, timeZone, basePrice }: Calendar, columns: number, paint: Colours): string {
  const facts = [
    basePrice ? `prices in ${basePrice.currency}, ${price(basePrice)} unless set` : 'no base price',
    timeZone ?? undefined,
  ].filter((fact) => fact !== undefined);
  return [
    ` ${paint.bold(truncate(oneLine(title), columns - 1))}`,
    ` ${paint.dim(truncate(oneLine(facts.join(' · ')), columns - 1))}`,
  ].join('\n');
}

/** Months of four weeks and of six come to the same height: the bars stand in one line. */
function sideBySide(months: readonly string[][]): string {
  const height = Math.max(...months.map((lines) => lines.length));
  const filled = months.map((lines) => {
    const missing: string[] = Array(height - lines.length).fill(' '.repeat(MONTH_WIDTH));
    return [...lines.slice(0, -3), ...missing, ...lines.slice(-3)];
  });
  return Array.from({ length: height }, (_, i) =>
    filled
      .map((lines) => lines[i]!)
      .join(' '.repeat(GAP))
      .trimEnd(),
  ).join('\n');
}

/** What does not fit into the grid: how long a stay may be, and what the host has noted. */
function noteLines({ months, days }: Calendar, columns: number, paint: Colours): string[] {
  const shown = days.filter(
    ({ date, reason }) => months.includes(date.slice(0, 7)) && markOf(reason).counts !== 'past',
  );
  if (shown.length === 0) return [];
  const usual = mostCommon(shown.map(lengthOf));
  const others = runsOf(shown, lengthOf).filter(({ value }) => value !== usual);
  const lengths = [
    `A stay takes ${usual}`,
    ...others.map(({ value, from, to }) => `${value} when it begins ${spanOf(from, to)}`),
  ].join('; ');
  const notes = runsOf(shown, ({ note }) => oneLine(note ?? ''))
    .filter(({ value }) => value !== '')
    .map(({ value, from, to }) => `${capitalised(spanOf(from, to))}: ${value}`);
  return [`${lengths}.`, ...notes].flatMap((text) =>
    wrap(text, columns - 1).map((line) => ` ${paint.dim(line)}`),
  );
}

const lengthOf = ({ minNights, maxNights }: Day) =>
  maxNights === null ? `${count(minNights, 'night')} or more` : `${minNights}–${count(maxNights, 'night')}`;

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

interface Run {
  value: string;
  from: string;
  /** The day after the last one. */
  to: string;
}

function runsOf(days: readonly Day[], tell: (day: Day) => string): Run[] {
  const runs: Run[] = [];
  for (const day of days) {
    const value = tell(day);
    const last = runs.at(-1);
    if (last?.value === value && last.to === day.date) last.to = addDays(day.date, 1);
    else runs.push({ value, from: day.date, to: addDays(day.date, 1) });
  }
  return runs;
}

function mostCommon(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

const short = (date: string) =>
  `${'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')[Number(date.slice(5, 7)) - 1]} ${Number(date.slice(8))}`;

/** `on May 4`, `from May 4 to 9`, `from May 30 to Jun 2`: the last day is told, not the one after it. */
export function spanOf(from: string, to: string): string {
  const last = addDays(to, -1);
  if (last === from) return `on ${short(from)}`;
  return `from ${short(from)} to ${from.slice(0, 7) === last.slice(0, 7) ? Number(last.slice(8)) : short(last)}`;
}

/** What each sign in the picture means, in one order always; those that do not occur are left out. */
function legend(days: readonly Day[], columns: number, paint: Colours): string[] {
  const marks = new Map(days.map(({ reason }) => [markOf(reason).word, markOf(reason)]));
  const closures = new Map<string, Closure>();
  for (const day of days) {
    const closure = markOf(day.reason).counts === 'past' ? undefined : closureOf(day);
    if (closure) closures.set(closure.word, closure);
  }
  const entries = [
    ...[...marks.values()]
      .sort((one, other) => rankOf(one) - rankOf(other))
      .map((mark) => `${mark.paint(paint)(mark.sign === ' ' ? '12' : mark.sign)} ${mark.word}`),
    ...CLOSURES.filter(({ word }) => closures.has(word)).map(
      ({ sign, word }) => `${paint.yellow(sign)} ${word}`,
    ),
  ];
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 3 + widthOf(entry) <= columns)
      lines[lines.length - 1] = `${last}   ${entry}`;
    else lines.push(` ${entry}`);
  }
  return lines;
}

/** So many months from `2027-05` on. */
export function monthsFrom(first: string, many: number): string[] {
  const months = [first];
  while (months.length < many) months.push(daysOfMonth(months.at(-1)!).to.slice(0, 7));
  return months;
}
