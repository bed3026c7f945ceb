import { sql } from 'kysely';
import type { Db } from '../context.ts';
import type { QueueName } from './queue-names.ts';

// The jobs that are wanted, in PostgreSQL: the queue may lose all that it has, and is filled again from here.

/** A job on its way to its queue. */
export interface DispatchedJob {
  id: string;
  queue: QueueName;
  name: string;
  payload: unknown;
}

/** Takes jobs whose time has come; another process takes others. */
export async function claimDueJobs(db: Db, now: Date, limit: number): Promise<DispatchedJob[]> {
  const { rows } = await sql<DispatchedJob>`
    update jobs set dispatched_at = ${now}
    where id = any (array(
      select id from jobs where dispatched_at is null and dead_at is null and run_at <= ${now}
      order by run_at limit ${limit} for update skip locked
    ))
    returning id, queue, name, payload`.execute(db);
  return rows;
}

/** Takes jobs that were given to their queue before an instant and are not done: it may have lost them. */
export async function claimOverdueJobs(
  db: Db,
  now: Date,
  before: Date,
  limit: number,
): Promise<DispatchedJob[]> {
  const { rows } = await sql<DispatchedJob>`
    update jobs set dispatched_at = ${now}
    where id = any (array(
      select id from jobs where dispatched_at < ${before} and dead_at is null
      order by dispatched_at limit ${limit} for update skip locked
    ))
    returning id, queue, name, payload`.execute(db);
  return rows;
}

/** Lets jobs be taken again: their queue did not answer. Their keys are free: another of the same may wait by now. */
export async function giveBackJobs(db: Db, ids: readonly string[]): Promise<void> {
  await sql`update jobs set dispatched_at = null, key = null where id = any (${ids}::uuid[])`.execute(db);
}

/** Whether there is anything to hand on: events without a number, or jobs whose time has come. */
export async function hasWork(db: Db, now: Date): Promise<boolean> {
  const { rows } = await sql<{ work: boolean }>`
    select exists (select from outbox)
      or exists (select from jobs where dispatched_at is null and dead_at is null and run_at <= ${now}) as work`.execute(
    db,
  );
  return rows[0]!.work;
}

/** Ends a job. False when it had ended already. */
export async function finishJob(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('jobs').where('id', '=', id).executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Whether a job is still wanted. */
export async function isWanted(db: Db, id: string): Promise<boolean> {
  const row = await db.selectFrom('jobs').select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
}

/** Puts a job aside that failed as often as it may. */
export async function buryJob(db: Db, id: string, now: Date, error: string): Promise<void> {
  await db.updateTable('jobs').set({ dead_at: now, error }).where('id', '=', id).execute();
}

/** The longest dead jobs of a queue, by their ids. */
export async function listDeadIds(db: Db, queue: QueueName, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('jobs')
    .select('id')
    .where('queue', '=', queue)
    .where('dead_at', 'is not', null)
    .orderBy('dead_at')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Lets dead jobs be tried again, from the start; answers how many they were. Their queue must have forgotten them. */
export async function reviveJobs(db: Db, ids: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    update jobs set dead_at = null, dispatched_at = null, key = null, error = null
    where id = any (${ids}::uuid[]) and dead_at is not null`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/**
 * Forgets jobs of a queue that wait for their turn, or for their time; answers how many they were. One that is at work in
 * a transaction at this moment holds its row, and stays.
 */
export async function removeWaitingJobs(db: Db, queue: QueueName): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from jobs where id = any (array(
      select id from jobs where queue = ${queue} and dead_at is null for update skip locked
    ))`.execute(db);
  return Number(numAffectedRows ?? 0);
}

export interface DeadJob {
  id: string;
  name: string;
  payload: unknown;
  error: string | null;
  deadAt: Date;
  createdAt: Date;
}

/** The newest dead jobs of a queue. */
export async function listDeadJobs(db: Db, queue: QueueName, limit: number): Promise<DeadJob[]> {
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'name', 'payload', 'error', 'dead_at as deadAt', 'created_at as createdAt'])
    .where('queue', '=', queue)
    .where('dead_at', 'is not', null)
    .orderBy('dead_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, deadAt: row.deadAt! }));
}

/** A job that waits for its time, or for the relay to hand it on. */
export interface ScheduledJob {
  id: string;
  name: string;
  payload: unknown;
  runAt: Date;
  createdAt: Date;
}

/** The next jobs of a queue that were not given to it yet. */
export const listScheduledJobs = (db: Db, queue: QueueName, limit: number): Promise<ScheduledJob[]> =>
  db
    .selectFrom('jobs')
    .select(['id', 'name', 'payload', 'run_at as runAt', 'created_at as createdAt'])
    .where('queue', '=', queue)
    .where('dispatched_at', 'is', null)
    .where('dead_at', 'is', null)
    .orderBy('run_at')
    .limit(limit)
    .execute();

export interface JobCounts {
  queue: QueueName;
  /** Wanted and not given to the queue: their time has not come, or came a moment ago. */
  scheduled: number;
  dispatched: number;
  dead: number;
  /** When the first of those that are not dead was, or will be, due. */
  oldestRunAt: Date | null;
}

export async function countJobs(db: Db): Promise<JobCounts[]> {
  const { rows } = await sql<JobCounts>`
    select queue, count(*) filter (where dispatched_at is null and dead_at is null)::int as scheduled,
      count(*) filter (where dispatched_at is not null and dead_at is null)::int as dispatched,
      count(*) filter (where dead_at is not null)::int as dead,
      min(run_at) filter (where dead_at is null) as "oldestRunAt"
    from jobs group by queue`.execute(db);
  return rows;
}
