import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Context, Tx } from '../context.ts';
import { columnwise } from '../db/columnwise.ts';
import { newUuid } from '../id.ts';
import type { JobType } from './job.ts';

export interface WantedJob<J extends JobType> {
  payload: z.input<J['payload']>;
  /** Not before; at once unless told. By the clock of the marketplace, which the sandbox may move. */
  runAt?: Date;
  /** While a job of this kind with this key waits, another is not added. */
  key?: string;
}

/** Wants a job done, in the transaction that has the reason for it: it is done if that commits, and never else. */
export const enqueue = <J extends JobType>(
  ctx: Context,
  tx: Tx,
  job: J,
  wanted: WantedJob<J>,
): Promise<void> => enqueueAll(ctx, tx, job, [wanted]);

const JOB_TYPES = { id: 'uuid', payload: 'jsonb', key: 'text', run_at: 'timestamptz' } as const;

/** Wants many jobs of one kind done, in one statement. */
export const enqueueAll = <J extends JobType>(
  ctx: Context,
  tx: Tx,
  job: J,
  wanted: readonly WantedJob<J>[],
): Promise<void> => insertJobs(ctx, tx, job, wanted, sql`true`);

/**
 * The same of those for whose key no job of this kind waits, runs, or is to be tried again: for a look at what should be
 * done by now, however long it takes.
 */
export const enqueueMissing = <J extends JobType>(
  ctx: Context,
  tx: Tx,
  job: J,
  wanted: readonly WantedJob<J>[],
): Promise<void> =>
  insertJobs(
    ctx,
    tx,
    job,
    wanted,
    sql`not exists (select from jobs j where j.name = ${job.name} and j.key = rows.key and j.dead_at is null)`,
  );

async function insertJobs<J extends JobType>(
  ctx: Context,
  tx: Tx,
  job: J,
  wanted: readonly WantedJob<J>[],
  condition: RawBuilder<unknown>,
): Promise<void> {
  if (wanted.length === 0) return;
  const now = ctx.clock.now();
  const rows = wanted.map(({ payload, runAt, key }) => ({
    id: newUuid(now),
    payload: JSON.stringify(job.payload.parse(payload)),
    key: key ?? null,
    run_at: (runAt ?? now).toISOString(),
  }));
  await sql`insert into jobs (queue, name, created_at, id, payload, key, run_at)
    select ${job.queue}, ${job.name}, ${now}::timestamptz, id, payload, key, run_at
    from ${columnwise(rows, JOB_TYPES)} as rows where ${condition}
    on conflict do nothing`.execute(tx);
}
