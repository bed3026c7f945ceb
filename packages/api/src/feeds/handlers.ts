import { handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import * as jobs from './jobs.ts';
import { runFetch } from './service/run-fetch.ts';
import { wakeDue } from './service/wake-due.ts';

export const feedHandlers: JobHandler[] = [
  handleRepeatably(jobs.wakeDue, (ctx) => wakeDue(ctx)),
  handleRepeatably(jobs.fetchFeed, (ctx, { feedId }, { signal }) => runFetch(ctx, feedId, signal)),
];
