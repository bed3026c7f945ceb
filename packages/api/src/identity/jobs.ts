import { z } from 'zod';
import { jobType } from '../platform/jobs/job.ts';

export const removeExpired = jobType({
  name: 'identity.removeExpired',
  payload: z.strictObject({}),
  schedule: { everyMs: 10 * 60_000 },
});

export const identityJobs = [removeExpired];
