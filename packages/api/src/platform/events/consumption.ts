import { sql } from 'kysely';
import type { Db, Tx } from '../context.ts';
import { PARTITIONS, type StoredEvent } from './event.ts';

// What is stored of how far each consumer has come, and of the events that it could not take.

/** One consumer's part of the log. */
export interface Share {
  consumer: string;
  partition: number;
}

/** Makes sure that consumers have a place in every partition. A new one begins with what happens from now on. */
export async function ensureCursors(db: Db, consumers: readonly string[]): Promise<void> {
  await sql`insert into event_cursors (consumer, partition, sequence)
    select consumer, partition, (select sequence from event_head)
    from unnest(${consumers}::text[]) as consumer, generate_series(0, ${sql.lit(PARTITIONS - 1)}) as partition
    on conflict do nothing`.execute(db);
}

/**
 * How far a consumer has come, when nobody else works on this share until the transaction ends; else undefined. The lock
 * is not that of the row, so that looking at cursors never waits for a handler. It is a statement of its own: one that
 * also read the cursor would read it as it was before the lock was free.
 */
export async function claimShare(tx: Tx, { consumer, partition }: Share): Promise<number | undefined> {
  const { rows } = await sql<{ claimed: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`${consumer}/${partition}`}, 1)) as claimed`.execute(
    tx,
  );
  if (!rows[0]!.claimed) return undefined;
  const cursor = await tx
    .selectFrom('event_cursors')
    .select('sequence')
    .where('consumer', '=', consumer)
    .where('partition', '=', partition)
    .executeTakeFirst();
  return cursor?.sequence;
}

export async function advanceCursor(tx: Tx, { consumer, partition }: Share, sequence: number): Promise<void> {
  await tx
    .updateTable('event_cursors')
    .set({ sequence })
    .where('consumer', '=', consumer)
    .where('partition', '=', partition)
    .execute();
}

/** Shares with work that should have been done: new events, or a retry that is due. */
export async function listBehind(db: Db, now: Date): Promise<Share[]> {
  const { rows } = await sql<Share>`
    select c.consumer, c.partition::int as partition from event_cursors as c
    where exists (select from events as e where e.partition = c.partition and e.sequence > c.sequence)
      or exists (select from event_retries as r where r.consumer = c.consumer and r.partition = c.partition
        and r.next_attempt_at <= ${now})`.execute(db);
  return rows;
}

export interface Retry {
  sequence: number;
  subjectId: string;
  attempts: number;
}

/** The first waiting event of each subject that is due. Those behind it wait for it. */
export async function listDueRetries(tx: Tx, share: Share, now: Date, limit: number): Promise<Retry[]> {
  const { rows } = await sql<Retry>`
    select sequence, subject_id as "subjectId", attempts from (
      select distinct on (subject_id) sequence, subject_id, attempts, next_attempt_at from event_retries
      where consumer = ${share.consumer} and partition = ${share.partition} and next_attempt_at is not null
      order by subject_id, sequence
    ) as heads
    where next_attempt_at <= ${now} order by sequence limit ${limit}`.execute(tx);
  return rows;
}

/** Of these subjects, those of which an event waits. */
export async function listWaitingSubjects(
  tx: Tx,
  { consumer }: Share,
  subjectIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ subject_id: string }>`
    select distinct subject_id from event_retries
    where consumer = ${consumer} and next_attempt_at is not null and subject_id = any(${subjectIds}::uuid[])`.execute(
    tx,
  );
  return new Set(rows.map(({ subject_id }) => subject_id));
}

/** Keeps events for later, after those of their subjects that wait already. */
export async function keepForLater(
  tx: Tx,
  { consumer, partition }: Share,
  events: readonly StoredEvent[],
  { attempts, nextAttemptAt, error }: { attempts: number; nextAttemptAt: Date; error: string | null },
): Promise<void> {
  if (events.length === 0) return;
  await tx
    .insertInto('event_retries')
    .values(
      events.map(({ sequence, subjectId }) => ({
        consumer,
        sequence,
        partition,
        subject_id: subjectId,
        attempts,
        next_attempt_at: nextAttemptAt,
        error,
      })),
    )
    .execute();
}

export async function removeRetry(tx: Tx, { consumer }: Share, sequence: number): Promise<void> {
  await tx
    .deleteFrom('event_retries')
    .where('consumer', '=', consumer)
    .where('sequence', '=', sequence)
    .execute();
}

/** After one more failure: the next attempt, or none (`null`), which puts the event aside for somebody to look at. */
export async function keepFailure(
  tx: Tx,
  { consumer }: Share,
  { sequence, attempts }: Retry,
  { nextAttemptAt, error }: { nextAttemptAt: Date | null; error: string },
): Promise<void> {
  await tx
    .updateTable('event_retries')
    .set({ attempts, next_attempt_at: nextAttemptAt, error })
    .where('consumer', '=', consumer)
    .where('sequence', '=', sequence)
    .execute();
}

/** An event that a consumer could not take, however often it was tried. */
export interface SetAside {
  consumer: string;
  sequence: number;
  type: string;
  attempts: number;
  error: string | null;
}

export async function listSetAside(db: Db, limit: number): Promise<SetAside[]> {
  return db
    .selectFrom('event_retries')
    .innerJoin('events', 'events.sequence', 'event_retries.sequence')
    .select(['consumer', 'events.sequence', 'type', 'attempts', 'error'])
    .where('next_attempt_at', 'is', null)
    .orderBy('events.sequence', 'desc')
    .limit(limit)
    .execute();
}

/** Lets events that were set aside be tried again, from now on. Answers how many it were. */
export async function retrySetAside(db: Db, now: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('event_retries')
    .set({ attempts: 0, next_attempt_at: now })
    .where('next_attempt_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
