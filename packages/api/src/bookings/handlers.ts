import { handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import * as jobs from './jobs.ts';
import { completeStays, expireAlterations, expireHolds, expireRequests } from './service/run-clock.ts';

export const bookingHandlers: JobHandler[] = [
  handleRepeatably(jobs.expireHolds, (ctx, _payload, { signal }) => expireHolds(ctx, signal)),
  handleRepeatably(jobs.expireRequests, (ctx, _payload, { signal }) => expireRequests(ctx, signal)),
  handleRepeatably(jobs.expireAlterations, (ctx, _payload, { signal }) => expireAlterations(ctx, signal)),
  handleRepeatably(jobs.complete, (ctx, _payload, { signal }) => completeStays(ctx, signal)),
];
