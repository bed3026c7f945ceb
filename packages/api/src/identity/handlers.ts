import { handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import * as jobs from './jobs.ts';
import { removeExpired } from './service/remove-expired.ts';

export const identityHandlers: JobHandler[] = [handleRepeatably(jobs.removeExpired, (ctx) => removeExpired(ctx))];
