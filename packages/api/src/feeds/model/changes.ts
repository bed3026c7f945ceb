import { datesBetween } from '@sojourn/shared/nights';
import type { FeedEvent } from './feed.ts';

/** What to write to get from what a feed said to what it says. */
export interface EventChanges {
  written: FeedEvent[];
  removed: string[];
}

export function changesBetween(before: readonly FeedEvent[], after: readonly FeedEvent[]): EventChanges {
  const old = new Map(before.map((event) => [event.key, textOf(event)]));
  const keys = new Set(after.map(({ key }) => key));
  return {
    written: after.filter((event) => old.get(event.key) !== textOf(event)),
    removed: before.filter(({ key }) => !keys.has(key)).map(({ key }) => key),
  };
}

const textOf = ({ nights, summary }: FeedEvent) => `${nights.from} ${nights.to} ${summary ?? ''}`;

/** From so many events on, most of them do not vanish at once in the course of things. */
const MANY_EVENTS = 5;
const FEW_LEFT = 0.2;

/**
 * Whether a feed lost so much from a day on that it is rather broken than true: everything, or of many events more than
 * four fifths of their nights.
 */
export function looksEmptied(
  before: readonly FeedEvent[],
  after: readonly FeedEvent[],
  today: string,
): boolean {
  const coming = before.filter(({ nights }) => nights.to > today);
  if (coming.length === 0) return false;
  const old = nightsFrom(coming, today);
  const now = nightsFrom(after, today);
  if (now.size === 0) return true;
  const left = [...old].filter((night) => now.has(night)).length;
  return coming.length >= MANY_EVENTS && left < old.size * FEW_LEFT;
}

const nightsFrom = (events: readonly FeedEvent[], today: string): Set<string> =>
  new Set(events.flatMap(({ nights: { from, to } }) => datesBetween(from > today ? from : today, to)));

const SECOND_LOOK_MS = 6 * 60 * 60_000;

/** Whether a feed has said for long enough that it is empty. */
export const isBelieved = (emptiedAt: Date | null, now: Date): boolean =>
  emptiedAt !== null && now.getTime() - emptiedAt.getTime() >= SECOND_LOOK_MS;
