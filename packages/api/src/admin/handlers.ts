import { handleOnce, handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import * as jobs from './jobs.ts';
import { runMaintenance, startReconciliation } from './service/run-maintenance.ts';

export const adminHandlers: JobHandler[] = [
  handleRepeatably(jobs.runMaintenance, (ctx, { runId }, { signal }) => runMaintenance(ctx, runId, signal)),
  handleOnce(jobs.reconcileYesterday, (ctx) => startReconciliation(ctx)),
];
