import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { MaintenanceRun, RunResult, RunStatus } from '../model/maintenance.ts';

const select = (db: Db) =>
  db
    .selectFrom('maintenance_runs')
    .select([
      'id',
      'task',
      'options',
      'applies',
      'reason',
      'started_by as startedBy',
      'status',
      'done',
      'total',
      'result',
      'failure',
      'created_at as createdAt',
      'started_at as startedAt',
      'finished_at as finishedAt',
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

const runOf = (row: Row): MaintenanceRun => ({
  ...row,
  options: row.options as Record<string, unknown>,
  status: row.status as RunStatus,
  result: row.result as unknown as RunResult | null,
});

export async function findRun(db: Db, id: string): Promise<MaintenanceRun | undefined> {
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  return row && runOf(row);
}

/** Newest first, one more than `limit` when there are more. */
export async function listRuns(
  db: Db,
  { before, limit, task }: { before: string | undefined; limit: number; task: string | undefined },
): Promise<MaintenanceRun[]> {
  let query = select(db)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (before !== undefined) query = query.where('id', '<', before);
  if (task !== undefined) query = query.where('task', '=', task);
  return (await query.execute()).map(runOf);
}

/** Until when the calendar has had the ledger compared with Stripe; undefined when never. */
export async function findReconciledUntil(db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('maintenance_runs')
    .select(sql<string>`options ->> 'to'`.as('to'))
    .where('task', '=', 'reconcile')
    .where('status', '=', 'succeeded')
    .where('started_by', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.to;
}

export async function insertRun(tx: Tx, run: MaintenanceRun): Promise<void> {
  await tx
    .insertInto('maintenance_runs')
    .values({
      id: run.id,
      task: run.task,
      options: JSON.stringify(run.options),
      applies: run.applies,
      reason: run.reason,
      started_by: run.startedBy,
      status: run.status,
      created_at: run.createdAt,
    })
    .execute();
}

/** A run that a process died in begins again; one that has ended does not. Answers whether it begins. */
export async function beginRun(db: Db, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('maintenance_runs')
    .set({ status: 'running', started_at: now, done: 0, total: null })
    .where('id', '=', id)
    .where('status', 'in', ['waiting', 'running'])
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function tellProgress(db: Db, id: string, done: number, total: number | null): Promise<void> {
  await db.updateTable('maintenance_runs').set({ done, total }).where('id', '=', id).execute();
}

/** Ends a run. False when it had ended already. */
export async function endRun(
  db: Db,
  id: string,
  outcome: { status: 'succeeded' | 'failed'; result: RunResult | null; failure: string | null },
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('maintenance_runs')
    .set({
      status: outcome.status,
      result: outcome.result && JSON.stringify(outcome.result),
      failure: outcome.failure,
      finished_at: now,
    })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
