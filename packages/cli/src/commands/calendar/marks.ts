import type { Colours } from '../../io.ts';
import { words } from '../../render.ts';

/** What a day is to the host: the sign before its number, the word in the legend, the colour. */
export interface Mark {
  sign: string;
  word: string;
  paint: (paint: Colours) => (text: string) => string;
  /** What its night counts as in the bar under the month. */
  counts: 'taken' | 'closed' | 'free' | 'past';
}

const FREE: Mark = { sign: ' ', word: 'free', paint: (paint) => paint.green, counts: 'free' };

/** By the API's word for why a night cannot be booked. A sign for each, so that nothing is told by colour alone. */
const MARKS: Readonly<Record<string, Mark>> = {
  booking: { sign: '●', word: 'booked', paint: (paint) => paint.blue, counts: 'taken' },
  hold: { sign: '◐', word: 'held while a guest pays', paint: (paint) => paint.yellow, counts: 'taken' },
  feed: { sign: '◆', word: 'taken elsewhere (feed)', paint: (paint) => paint.magenta, counts: 'taken' },
  block: { sign: '✕', word: 'blocked', paint: (paint) => paint.red, counts: 'closed' },
  preparation: { sign: '~', word: 'preparation', paint: (paint) => paint.cyan, counts: 'closed' },
  unavailable: { sign: '✕', word: 'not available', paint: (paint) => paint.red, counts: 'closed' },
  notice: { sign: '-', word: 'too soon to book', paint: (paint) => paint.dim, counts: 'closed' },
  beyondWindow: { sign: '>', word: 'too far ahead to book', paint: (paint) => paint.dim, counts: 'closed' },
  past: { sign: '·', word: 'past', paint: (paint) => paint.dim, counts: 'past' },
};

/** A newer server may have reasons that are not known here: their own words then stand in the legend. */
export const markOf = (reason: string | null): Mark =>
  reason === null
    ? FREE
    : ((Object.hasOwn(MARKS, reason) ? MARKS[reason] : undefined) ?? {
        sign: '?',
        word: words(reason).toLowerCase(),
        paint: (paint) => paint.dim,
        counts: 'closed',
      });

/** Where a mark stands in the legend. */
export const rankOf = ({ word }: Mark): number => {
  const rank = [FREE, ...Object.values(MARKS)].findIndex((mark) => mark.word === word);
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank;
};

export interface Closure {
  sign: string;
  word: string;
}

/** That guests may not come, not leave, or neither of them on a day. */
export const CLOSURES: readonly [arrival: Closure, departure: Closure, both: Closure] = [
  { sign: '↦', word: 'no arrival' },
  { sign: '↤', word: 'no departure' },
  { sign: '↔', word: 'no arrival or departure' },
];

export function closureOf(day: {
  closedToArrival: boolean;
  closedToDeparture: boolean;
}): Closure | undefined {
  const [arrival, departure, both] = CLOSURES;
  if (day.closedToArrival) return day.closedToDeparture ? both : arrival;
  return day.closedToDeparture ? departure : undefined;
}
