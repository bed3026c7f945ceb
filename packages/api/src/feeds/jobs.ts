import { z } from 'zod';
import { jobType } from '../platform/jobs/job.ts';

/** How often feeds whose time has come are looked for, in milliseconds. */
const LOOK_EVERY_MS = 30_000;

/** Wakes the feeds that are to be fetched. */
export const wakeDue = jobType({
  name: 'feeds.wakeDue',
  payload: z.strictObject({}),
  attempts: 3,
  schedule: { everyMs: LOOK_EVERY_MS },
});
/** Fetches one feed, if its time has come. It has no row: when it is due is in the feed itself. */
export const fetchFeed = jobType({
  name: 'feeds.fetch',
  queue: 'feeds',
  payload: z.strictObject({ feedId: z.uuid() }),
  attempts: 1,
  timeoutMs: 90_000,
});

export const feedJobs = [wakeDue, fetchFeed];
