import type { Sojourn } from '@sojourn/sdk';
import type { Colours } from '../../../io.ts';

export type Feed = Awaited<ReturnType<Sojourn['calendarFeeds']['get']>>;

/** `2026-11-25 09:30`, in UTC as everywhere. */
export const when = (instant: string | null): string =>
  instant === null ? 'never' : instant.slice(0, 16).replace('T', ' ');

export const paintStatus = (status: string, paint: Colours) =>
  ({ active: paint.green, paused: paint.dim, failing: paint.red, suspicious: paint.yellow })[status] ??
  paint.bold;

/** What is wrong with a feed, or nothing. */
export function troubleOf({ status, lastError, suspiciousSince }: Feed): string {
  if (lastError) return lastError.detail;
  if (status === 'suspicious' || suspiciousSince !== null) return 'suddenly (almost) empty: not believed yet';
  return '';
}
