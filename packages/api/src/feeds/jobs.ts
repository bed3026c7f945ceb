import type { JobType } from '../platform/jobs/job.ts';

export const feedJobs: JobType[] = [];
