import { z } from 'zod';
import { jobType } from '../platform/jobs/job.ts';

/** Does what somebody asked for. What fails is told on the run; it is tried again only when a process dies in it. */
export const runMaintenance = jobType({
  name: 'admin.runMaintenance',
  payload: z.strictObject({ runId: z.uuid() }),
  attempts: 3,
  timeoutMs: 30 * 60_000,
});

/** Compares yesterday's ledger with Stripe. */
export const reconcileYesterday = jobType({
  name: 'admin.reconcileYesterday',
  payload: z.strictObject({}),
  schedule: { cron: '0 3 * * *' },
});

export const adminJobs = [runMaintenance, reconcileYesterday];
