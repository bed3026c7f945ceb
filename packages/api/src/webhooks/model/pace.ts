/** How an endpoint has fared of late. */
export interface Health {
  /** Failed attempts since the last that did not. */
  consecutiveFailures: number;
  failingSince: Date | null;
}

/** Attempts to one endpoint at a time. */
export const ATTEMPTS_AT_ONCE = 16;
const LARGEST_BATCH = 200;
/** After this many failures in a row an endpoint is only probed: one attempt at a time, with rests between. */
export const FAILING_AFTER = 5;

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

const DISABLE_AFTER_MS = 5 * 86_400_000;
/** An endpoint that hears of little must have failed this often too: one failed attempt a week ago is no reason. */
const DISABLE_AFTER_FAILURES = 10;

/** How many deliveries an endpoint gets at once: fewer with each failure in a row, so that most keep their attempts. */
export const batchSize = ({ consecutiveFailures }: Pick<Health, 'consecutiveFailures'>): number =>
  consecutiveFailures === 0 ? LARGEST_BATCH : Math.max(1, ATTEMPTS_AT_ONCE >> (consecutiveFailures - 1));

export const isFailing = ({ consecutiveFailures }: Pick<Health, 'consecutiveFailures'>): boolean =>
  consecutiveFailures >= FAILING_AFTER;

/** After attempts of which the last ones failed, or did not: `succeeded` in the order in which they ended. */
export function healthAfter(before: Health, succeeded: readonly boolean[], now: Date): Health {
  const last = succeeded.lastIndexOf(true);
  const failures = succeeded.length - 1 - last;
  if (last === -1)
    return {
      consecutiveFailures: before.consecutiveFailures + failures,
      failingSince: failures === 0 ? before.failingSince : (before.failingSince ?? now),
    };
  return { consecutiveFailures: failures, failingSince: failures === 0 ? null : now };
}

/** Until when nothing at all is sent to a failing endpoint. Short beside the waits of a delivery, so that they hold. */
export function restAfter(health: Health, now: Date): Date | null {
  if (!isFailing(health)) return null;
  const doublings = Math.min(health.consecutiveFailures - FAILING_AFTER, 10);
  return new Date(now.getTime() + Math.min(FIRST_REST_MS * 2 ** doublings, LONGEST_REST_MS));
}

/** Whether nothing but failures came back for so long that an endpoint is given up. */
export const isGivenUp = ({ consecutiveFailures, failingSince }: Health, now: Date): boolean =>
  failingSince !== null &&
  consecutiveFailures >= DISABLE_AFTER_FAILURES &&
  now.getTime() - failingSince.getTime() >= DISABLE_AFTER_MS;
