import { handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import * as jobs from './jobs.ts';
import { removeOldQuotes } from './service/remove-old-quotes.ts';

export const pricingHandlers: JobHandler[] = [
  handleRepeatably(jobs.removeOldQuotes, (ctx, _payload, { signal }) => removeOldQuotes(ctx, signal)),
];
