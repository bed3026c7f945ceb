import type { Sojourn } from '@sojourn/sdk';
import { nightsBetween } from '@sojourn/shared/nights';
import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';
import { count } from '../../render.ts';
import { spanOf } from './draw-calendar.ts';
import type { Terms } from './terms.ts';

type Calendars = Sojourn['calendar'];
export type Written = Awaited<ReturnType<Calendars['put']>>;
export type Skipped = Written['skipped'][number];

export interface Range extends Terms {
  from: string;
  to: string;
  blocked?: boolean;
}

/** Writes one range of one calendar, and tells what came of it and what was left as it is. */
export async function writeRange(
  ctx: CommandContext,
  id: string,
  range: Range,
  { dryRun = false }: { dryRun?: boolean },
): Promise<void> {
  const { io, json, signal } = ctx;
  checkDates(range);
  const { calendar } = await ctx.client();
  const written = await calendar.put(id, { ranges: [range as never], dryRun }, { signal });
  if (json) return io.json(written);
  const { changedDays, skipped } = written;
  const would = dryRun ? 'would be ' : '';
  if (changedDays === 0) io.say(dryRun ? 'Nothing would change.' : 'It is so already: nothing was changed.');
  else if (dryRun) io.say(`${count(changedDays, 'day')} would change.`);
  else io.success(`Changed ${count(changedDays, 'day')}.`);
  for (const one of skipped) io.warn(`${skippedText(one)}: not ${would}blocked until it comes free.`);
  if (!dryRun && changedDays > 0) io.hint(`sojourn calendar show ${id} --from ${range.from.slice(0, 7)}`);
}

export function checkDates({ from, to }: { from: string; to: string }): void {
  if (nightsBetween(from, to) < 1)
    throw usageError(
      `${to} is not after ${from}.`,
      'The second date is that of the morning after the last night.',
    );
}

const TAKEN_BY: Readonly<Record<string, string>> = {
  booking: 'is booked',
  hold: 'is held while a guest pays',
  feed: 'is taken in a feed',
};

/** `3 nights from May 4 to 6 are booked`, told of nights that stay as they are. */
export function skippedText({ from, to, reason }: Skipped): string {
  const nights = nightsBetween(from, to);
  const verb = TAKEN_BY[reason] ?? `is taken (${reason})`;
  return `${count(nights, 'night')} ${spanOf(from, to)} ${nights === 1 ? verb : verb.replace('is ', 'are ')}`;
}
