import { z } from 'zod';
import { jobType } from '../platform/jobs/job.ts';

export const removeOldQuotes = jobType({
  name: 'pricing.removeOldQuotes',
  payload: z.strictObject({}),
  timeoutMs: 10 * 60_000,
  schedule: { everyMs: 60 * 60_000 },
});

export const pricingJobs = [removeOldQuotes];
