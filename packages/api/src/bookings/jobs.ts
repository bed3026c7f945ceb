import { z } from 'zod';
import { jobType } from '../platform/jobs/job.ts';

/** How often the clock is looked at, in milliseconds: what its deadlines end is ended so much later at most. */
const LOOK_EVERY_MS = 5_000;

const clockJob = (name: string) =>
  jobType({
    name: `bookings.${name}`,
    payload: z.strictObject({}),
    attempts: 3,
    timeoutMs: 10 * 60_000,
    schedule: { everyMs: LOOK_EVERY_MS },
  });

/** Ends holds that were not paid in time. */
export const expireHolds = clockJob('expireHolds');
/** Ends requests that were not answered in time. */
export const expireRequests = clockJob('expireRequests');
/** Ends alterations that were not answered, or not paid for, in time. */
export const expireAlterations = clockJob('expireAlterations');
/** Ends stays that are over. */
export const complete = clockJob('complete');

/** Does what follows for a booking from what became of its payments. */
export const followPayment = jobType({
  name: 'bookings.followPayment',
  payload: z.strictObject({ bookingId: z.uuid() }),
  attempts: 18,
});

/** Looks for bookings whose payments nobody followed, such as when that failed as often as it may. */
export const followForgotten = jobType({
  name: 'bookings.followForgotten',
  payload: z.strictObject({}),
  attempts: 3,
  schedule: { everyMs: 10 * 60_000 },
});

export const bookingJobs = [
  expireHolds,
  expireRequests,
  expireAlterations,
  complete,
  followPayment,
  followForgotten,
];
