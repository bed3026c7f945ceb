import type { JobType } from '../platform/jobs/job.ts';

export const calendarJobs: JobType[] = [];
