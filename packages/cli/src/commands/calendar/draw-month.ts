import { addDays, datesBetween, weekdayOf } from '@sojourn/shared/nights';
import type { Colours } from '../../io.ts';
import { widthOf } from '../../render.ts';
import { closureOf, markOf } from './marks.ts';
import { shortPrice } from './short-price.ts';

/** A day as the calendar of the API has it, as far as it is drawn. */
export interface Day {
  date: string;
  /** Why its night cannot be booked; null when it can. */
  reason: string | null;
  price: { amount: number; currency: string } | null;
  minNights: number;
  maxNights: number | null;
  closedToArrival: boolean;
  closedToDeparture: boolean;
  /** The host's own; left out for guests. */
  note?: string | null | undefined;
}

const CELL = 5;
export const MONTH_WIDTH = 7 * CELL;
const BAR = 16;
const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** `2027-05` as the first day of the month and that of the next. */
export function daysOfMonth(month: string): { from: string; to: string } {
  const from = `${month}-01`;
  return { from, to: `${addDays(from, 31).slice(0, 7)}-01` };
}

/** `May 2027`. */
export const monthName = (month: string): string =>
  `${MONTHS[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`;

/**
 * A month in lines that are all 35 columns wide: a week is a line of days, a line of prices and an empty one, and at the end
 * stands how much of the month is taken.
 *
 * @param days by date; a day that is not there is drawn without a sign or price.
 */
export function drawMonth(month: string, days: ReadonlyMap<string, Day>, paint: Colours): string[] {
  const { from, to } = daysOfMonth(month);
  const dates = datesBetween(from, to);
  const blanks: undefined[] = Array(weekdayOf(from) - 1).fill(undefined);
  const cells = [...blanks, ...dates];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) =>
    cells.slice(7 * week, 7 * week + 7),
  );
  const line = (week: (string | undefined)[], draw: (date: string) => string) =>
    Array.from({ length: 7 }, (_, i) => (week[i] === undefined ? ' '.repeat(CELL) : draw(week[i]))).join('');
  return [
    ` ${paint.bold(monthName(month))}${' '.repeat(MONTH_WIDTH - 1 - monthName(month).length)}`,
    paint.dim(WEEKDAYS.map((day) => day.padStart(CELL)).join('')),
    ...weeks.flatMap((week) => [
      line(week, (date) => drawDay(date, days.get(date), paint)),
      line(week, (date) => drawPrice(days.get(date), paint)),
      ' '.repeat(MONTH_WIDTH),
    ]),
    ...drawOccupancy(
      dates.flatMap((date) => days.get(date) ?? []),
      paint,
    ),
  ];
}

/** A sign for closed arrival or departure, one for the night, and the number: ` ↦●12`. */
function drawDay(date: string, day: Day | undefined, paint: Colours): string {
  const number = String(Number(date.slice(8))).padStart(2);
  if (!day) return paint.dim(number.padStart(CELL));
  const mark = markOf(day.reason);
  const closure = mark.counts === 'past' ? undefined : closureOf(day);
  const text = mark.paint(paint)(`${mark.sign}${number}`);
  return ` ${closure ? paint.yellow(closure.sign) : ' '}${mark.counts === 'free' ? paint.bold(text) : text}`;
}

/** Only nights that are for sale have a price that matters. */
function drawPrice(day: Day | undefined, paint: Colours): string {
  const mark = day && markOf(day.reason);
  if (!day || mark?.counts === 'past') return ' '.repeat(CELL);
  const text = shortPrice(day.price).padStart(CELL);
  return mark?.counts === 'free' ? paint.green(text) : paint.dim(text);
}

/** How the nights from today on divide up: a bar with three fillings, and the figures under it. */
export function drawOccupancy(days: readonly Day[], paint: Colours): string[] {
  const count = (kind: string) => days.filter(({ reason }) => markOf(reason).counts === kind).length;
  const [taken, closed, free] = [count('taken'), count('closed'), count('free')];
  const nights = taken + closed + free;
  if (nights === 0) return [paint.dim(' all past'.padEnd(MONTH_WIDTH)), ' '.repeat(MONTH_WIDTH)];
  const full = Math.round((taken / nights) * BAR);
  const shut = Math.round(((taken + closed) / nights) * BAR) - full;
  const bar = `${paint.blue('█'.repeat(full))}${paint.red('▒'.repeat(shut))}${paint.green('░'.repeat(BAR - full - shut))}`;
  const share = `${Math.round((taken / nights) * 100)}% occupancy`;
  const figures = `${taken} taken ${paint.red('▒')} ${closed} closed ${paint.green('░')} ${free} free`;
  return [
    ` ${bar} ${share.padEnd(MONTH_WIDTH - BAR - 2)}`,
    ` ${paint.blue('█')} ${figures}${' '.repeat(MONTH_WIDTH - 3 - widthOf(figures))}`,
  ];
}
