import { sql } from 'kysely';
import type { Db } from '../context.ts';

/** How far a consumer is behind the log. */
export interface ConsumerLag {
  name: string;
  /** Events that it has not looked at yet. */
  behind: number;
  /** When the oldest of them happened. */
  oldestAt: Date | null;
  /** Events that failed, or wait for one that did, and are tried again. */
  retrying: number;
  /** Events that failed for good, until somebody lets them be tried again. */
  setAside: number;
}

export interface RelayState {
  /** Events that have no number yet. */
  outbox: number;
  /** The number of the newest event. */
  newest: number;
  consumers: ConsumerLag[];
}

/** More than so many are not counted: whoever is that far behind needs no exact number. */
export const COUNTED_PER_PARTITION = 25_000;
export const COUNTED_IN_OUTBOX = 100_000;

export async function readRelayState(db: Db): Promise<RelayState> {
  const [head, consumers] = await Promise.all([readHead(db), listConsumerLags(db)]);
  return { ...head, consumers };
}

async function readHead(db: Db): Promise<{ outbox: number; newest: number }> {
  const { rows } = await sql<{ outbox: number; newest: number }>`
    select sequence as newest,
      (select count(*)::int from (select from outbox limit ${COUNTED_IN_OUTBOX}) as waiting) as outbox
    from event_head`.execute(db);
  return rows[0]!;
}

async function listConsumerLags(db: Db): Promise<ConsumerLag[]> {
  const { rows } = await sql<ConsumerLag>`
    select c.consumer as name, sum(b.behind)::int as behind, min(b.oldest_at) as "oldestAt",
      coalesce(max(r.retrying), 0)::int as retrying, coalesce(max(r.set_aside), 0)::int as "setAside"
    from event_cursors as c
    cross join lateral (
      select (select count(*) from (
          select from events as e where e.partition = c.partition and e.sequence > c.sequence
          limit ${COUNTED_PER_PARTITION}
        ) as waiting) as behind,
        (select occurred_at from events as e where e.partition = c.partition and e.sequence > c.sequence
          order by e.sequence limit 1) as oldest_at
    ) as b
    left join (
      select consumer, count(*) filter (where next_attempt_at is not null) as retrying,
        count(*) filter (where next_attempt_at is null) as set_aside
      from event_retries group by consumer
    ) as r on r.consumer = c.consumer
    group by c.consumer order by c.consumer`.execute(db);
  return rows;
}
