import { type Context, transaction } from '../../platform/context.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { todayAt } from '../model/days.ts';
import { currencyErrors, patchesOf, windowErrors } from '../model/settings.ts';
import type { CalendarBody } from '../schema/writes.ts';
import { applyRanges, type Outcome, previewRanges } from './apply-ranges.ts';
import { lockOwnCalendar, type Target } from './reach-calendar.ts';

/** Changes ranges of dates of one calendar, or tells what that would do. */
export function writeCalendar(
  ctx: Context,
  target: Target,
  { ranges, dryRun }: CalendarBody,
): Promise<Outcome & { dryRun: boolean }> {
  return transaction(ctx, async (tx) => {
    const { listing, version } = await lockOwnCalendar(ctx, tx, target);
    const errors = [
      ...windowErrors(ranges, todayAt(listing.timeZone, ctx.clock.now())),
      ...currencyErrors(ranges, listing.currency),
    ];
    if (errors.length > 0) throw invalidRequest({ errors });
    const patches = patchesOf(ranges);
    const calendar = { ...listing, version };
    const [outcome] = dryRun
      ? await previewRanges(tx, [calendar], patches)
      : await applyRanges(ctx, tx, [calendar], patches);
    return { ...outcome!, dryRun };
  });
}
