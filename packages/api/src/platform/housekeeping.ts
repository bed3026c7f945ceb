import { z } from 'zod';
import { systemClock } from './clock.ts';
import type { Context } from './context.ts';
import { removeEventsBefore } from './events/log.ts';
import { removeExpiredKeys } from './http/idempotency.ts';
import { removeExpiredLimits } from './http/rate-limit.ts';
import { handleRepeatably, jobType } from './jobs/job.ts';

const Nothing = z.strictObject({});

/** How long events are kept, in days: as long as they can be read and replayed. */
export const EVENT_DAYS = 90;
const DAY_MS = 86_400_000;
const EVENT_BATCH = 5_000;

const removeExpired = jobType({
  name: 'platform.removeExpired',
  payload: Nothing,
  schedule: { everyMs: 10 * 60_000 },
});
const removeOldEvents = jobType({
  name: 'platform.removeOldEvents',
  payload: Nothing,
  timeoutMs: 10 * 60_000,
  schedule: { everyMs: 60 * 60_000 },
});

export const housekeepingJobs = [removeExpired, removeOldEvents];

export const housekeepingHandlers = [
  handleRepeatably(removeExpired, async ({ db, pool }) => {
    await removeExpiredKeys(db);
    await removeExpiredLimits(pool, systemClock.now());
  }),
  handleRepeatably(removeOldEvents, async (ctx, _payload, { signal }) => {
    while (!signal.aborted && (await removeSome(ctx)) === EVENT_BATCH);
  }),
];

const removeSome = ({ db, clock }: Context) =>
  removeEventsBefore(db, new Date(clock.now().getTime() - EVENT_DAYS * DAY_MS), EVENT_BATCH);
