import { lookForLost } from '../../payments/service/look-for-lost.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid, publicId } from '../../platform/id.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import { MARKETPLACE, moneyDiffers } from '../events.ts';
import { runMaintenance as runMaintenanceJob } from '../jobs.ts';
import type { MaintenanceRun, RunResult } from '../model/maintenance.ts';
import { differingBalances, unknownTo } from '../model/reconciliation.ts';
import {
  beginRun,
  endRun,
  findReconciledUntil,
  findRun,
  insertRun,
  tellProgress,
} from '../repository/maintenance-runs.ts';
import { MAINTENANCE_TASKS } from './maintenance-tasks.ts';

export type WantedRun = Pick<MaintenanceRun, 'task' | 'options' | 'applies' | 'reason' | 'startedBy'>;

/** Wants a run, in the transaction that has the reason for it. */
export async function wantRun(ctx: Context, tx: Tx, wanted: WantedRun): Promise<MaintenanceRun> {
  const now = ctx.clock.now();
  const run: MaintenanceRun = {
    ...wanted,
    id: newUuid(now),
    status: 'waiting',
    done: 0,
    total: null,
    result: null,
    failure: null,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
  };
  await insertRun(tx, run);
  await enqueue(ctx, tx, runMaintenanceJob, { payload: { runId: run.id } });
  return run;
}

const DAY_MS = 86_400_000;

/**
 * Wants the ledger of the day before compared with Stripe, by the calendar of UTC, and of the days before that when they
 * were left out: the server was down, or Stripe was.
 */
export async function startReconciliation(ctx: Context): Promise<void> {
  const today = Math.floor(ctx.clock.now().getTime() / DAY_MS) * DAY_MS;
  const doneUntil = Date.parse((await findReconciledUntil(ctx.db)) ?? '') || today;
  const from = Math.min(doneUntil, today - DAY_MS);
  const options = { from: new Date(from).toISOString(), to: new Date(today).toISOString() };
  await transaction(ctx, (tx) =>
    wantRun(ctx, tx, { task: 'reconcile', options, applies: false, reason: null, startedBy: null }),
  );
}

/** Does a run, and tells on it how far it is and what came of it. */
export async function runMaintenance(ctx: Context, id: string, signal: AbortSignal): Promise<void> {
  if (!(await beginRun(ctx.db, id, ctx.clock.now()))) return;
  const run = (await findRun(ctx.db, id))!;
  try {
    await succeed(ctx, run, await perform(ctx, run, signal));
  } catch (err) {
    // A process that stops leaves the run to another one, which begins it again.
    if (signal.aborted && signal.reason?.name !== 'TimeoutError') throw err;
    ctx.log.error({ err, task: run.task, runId: publicId('run', id) }, 'maintenance failed');
    const failure = err instanceof Error ? err.message : String(err);
    await endRun(ctx.db, id, { status: 'failed', result: null, failure }, ctx.clock.now());
  }
}

async function perform(ctx: Context, run: MaintenanceRun, signal: AbortSignal): Promise<RunResult> {
  const task = MAINTENANCE_TASKS.find(({ name }) => name === run.task);
  if (!task) throw new Error(`This version has no maintenance called ${run.task}.`);
  return task.run(ctx, task.options.parse(run.options) as never, {
    apply: run.applies,
    signal,
    tell: (done, total) => tellProgress(ctx.db, run.id, done, total),
  });
}

const succeed = (ctx: Context, { id }: MaintenanceRun, result: RunResult) =>
  transaction(ctx, async (tx) => {
    const ended = await endRun(tx, id, { status: 'succeeded', result, failure: null }, ctx.clock.now());
    if (ended && result.task === 'reconcile') await tellOfDifferences(ctx, tx, id, result);
  });

async function tellOfDifferences(
  ctx: Context,
  tx: Tx,
  id: string,
  result: Extract<RunResult, { task: 'reconcile' }>,
): Promise<void> {
  const data = {
    runId: publicId('run', id),
    differences: result.differenceCount,
    balances: differingBalances(result),
  };
  if (data.differences === 0 && data.balances.length === 0) return;
  ctx.log.error(data, 'the ledger and Stripe do not agree');
  await lookForLost(ctx, tx, unknownTo(result));
  await emit(ctx, tx, moneyDiffers, { subjectId: MARKETPLACE, audience: [], data });
}
