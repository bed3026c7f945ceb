import type { Context } from '../../platform/context.ts';
import { removeNotificationsBefore } from '../repository/notifications.ts';

/** How long notifications are kept, in days. */
const KEPT_DAYS = 180;
const DAY_MS = 86_400_000;
const BATCH = 5_000;

/** Forgets what is too old to matter, a batch a statement, so that nothing waits long for it. */
export async function removeOld({ db, clock }: Context, signal: AbortSignal): Promise<void> {
  const instant = new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS);
  while (!signal.aborted && (await removeNotificationsBefore(db, instant, BATCH)) === BATCH);
}
