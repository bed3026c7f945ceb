import { sql } from 'kysely';
import type { Db } from '../context.ts';
import { PARTITIONS } from './event.ts';

/** What got its number in one go. */
export interface Sequenced {
  count: number;
  /** Partitions that have something new. */
  partitions: number[];
}

/** Told to every process when there are new events; the payload is the newest number. */
export const EVENTS_CHANNEL = 'sojourn_events';

const NOTHING: Sequenced = { count: 0, partitions: [] };

/**
 * Moves committed events from the outbox into the log and gives them their numbers: without a gap, and never one below
 * a number that somebody may have seen, because numbers are given by one transaction at a time. Events of one subject
 * keep the order in which they were written: whoever wrote the later one waited for the other's commit.
 *
 * Does nothing while another process is at it.
 */
export function sequenceOutbox(db: Db, limit: number): Promise<Sequenced> {
  return db.transaction().execute(async (tx) => {
    const head = await tx
      .selectFrom('event_head')
      .select('sequence')
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!head) return NOTHING;
    const { rows } = await sql<{ count: number; partitions: number[] | null }>`
      with moved as materialized (
        delete from outbox
        where position = any (array(select position from outbox order by position limit ${limit}))
        returning *
      ), numbered as materialized (
        select ${head.sequence}::bigint + row_number() over (order by position) as sequence,
          abs(hashtext(subject_id::text)::bigint) % ${sql.lit(PARTITIONS)} as partition, *
        from moved
      ), logged as (
        insert into events (sequence, id, type, subject_type, subject_id, partition, actor, audience, data, previous, occurred_at)
        select sequence, id, type, subject_type, subject_id, partition, actor, audience, data, previous, occurred_at
        from numbered order by sequence
      ), heard as (
        insert into event_audience (user_id, sequence)
        select distinct unnest(audience), sequence from numbered
      ), counted as (
        update event_head set sequence = (select max(sequence) from numbered) where exists (select from numbered)
        returning sequence
      )
      select (select count(*)::int from numbered) as count,
        (select array_agg(distinct partition::int) from numbered) as partitions,
        (select pg_notify(${EVENTS_CHANNEL}, sequence::text) from counted)`.execute(tx);
    const { count, partitions } = rows[0]!;
    return { count, partitions: partitions ?? [] };
  });
}
