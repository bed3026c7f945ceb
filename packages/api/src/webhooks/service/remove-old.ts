import type { Context } from '../../platform/context.ts';
import { EVENT_DAYS } from '../../platform/housekeeping.ts';
import { removeDeletedEndpoints, removeOldDeliveries } from '../repository/deliveries.ts';

const KEEP_DAYS = 30;
const DAY_MS = 86_400_000;
const BATCH = 2_000;

/** Forgets deliveries that ended long ago, those whose event is gone, and what was left of removed endpoints. */
export async function removeOld(ctx: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await removeSome(ctx)) >= BATCH);
  while (!signal.aborted && (await removeDeletedEndpoints(ctx.db, BATCH)) > 0);
}

function removeSome({ db, clock }: Context): Promise<number> {
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);
  return removeOldDeliveries(db, {
    endedBefore: daysAgo(KEEP_DAYS),
    madeBefore: daysAgo(EVENT_DAYS),
    limit: BATCH,
  });
}
