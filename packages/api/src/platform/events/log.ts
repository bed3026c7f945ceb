import { sql } from 'kysely';
import type { Db } from '../context.ts';
import type { EventActor, StoredEvent, Subject } from './event.ts';

const COLUMNS = [
  'sequence',
  'id',
  'type',
  'subject_type as subjectType',
  'subject_id as subjectId',
  'actor',
  'audience',
  'data',
  'previous',
  'occurred_at as occurredAt',
] as const;

type Json = 'actor' | 'data' | 'previous';
type EventRow = Omit<StoredEvent, Json | 'subjectType'> & Record<Json, unknown> & { subjectType: string };

// What `emit` wrote, by the schema of the event's type.
const toEvent = (row: EventRow): StoredEvent => ({
  ...row,
  subjectType: row.subjectType as Subject,
  actor: row.actor as EventActor | null,
  data: row.data as StoredEvent['data'],
  previous: row.previous as StoredEvent['previous'],
});

export interface EventFilter {
  /** Only events above this number. */
  after: number;
  limit: number;
  types?: readonly string[] | undefined;
  /** Only events up to this number. */
  upTo?: number | undefined;
}

/** Events in their order, whoever they are for. */
export async function listEvents(db: Db, { after, limit, types, upTo }: EventFilter): Promise<StoredEvent[]> {
  let query = db
    .selectFrom('events')
    .select(COLUMNS)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit);
  if (types) query = query.where('type', 'in', types);
  if (upTo !== undefined) query = query.where('sequence', '<=', upTo);
  return (await query.execute()).map(toEvent);
}

/** The events of one user's world in their order. */
export async function listEventsOf(
  db: Db,
  userId: string,
  { after, limit, types, upTo }: EventFilter,
): Promise<StoredEvent[]> {
  let query = db
    .selectFrom('event_audience')
    .innerJoin('events', 'events.sequence', 'event_audience.sequence')
    .select([
      'events.sequence',
      'events.id',
      'events.type',
      'events.subject_type as subjectType',
      'events.subject_id as subjectId',
      'events.actor',
      'events.audience',
      'events.data',
      'events.previous',
      'events.occurred_at as occurredAt',
    ])
    .where('event_audience.user_id', '=', userId)
    .where('event_audience.sequence', '>', after)
    .orderBy('event_audience.sequence')
    .limit(limit);
  if (types) query = query.where('events.type', 'in', types);
  if (upTo !== undefined) query = query.where('event_audience.sequence', '<=', upTo);
  return (await query.execute()).map(toEvent);
}

export interface ActFilter {
  /** `usr_…`, as events name who brought them about. */
  actor?: string | undefined;
  type?: string | undefined;
  subjectId?: string | undefined;
  /** Only events below this number. */
  before?: number | undefined;
  limit: number;
}

/** What somebody brought about, newest first. What the marketplace does by itself is not among it. */
export async function listActs(
  db: Db,
  { actor, type, subjectId, before, limit }: ActFilter,
): Promise<StoredEvent[]> {
  let query = db
    .selectFrom('events')
    .select(COLUMNS)
    .where('actor', 'is not', null)
    .orderBy('sequence', 'desc')
    .limit(limit);
  if (actor !== undefined) query = query.where(sql<boolean>`actor ->> 'id' = ${actor}`);
  if (type !== undefined) query = query.where('type', '=', type);
  if (subjectId !== undefined) query = query.where('subject_id', '=', subjectId);
  if (before !== undefined) query = query.where('sequence', '<', before);
  return (await query.execute()).map(toEvent);
}

/** The next events of a partition above a number. */
export async function listEventsOfPartition(
  db: Db,
  partition: number,
  { after, limit }: EventFilter,
): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('events')
    .select(COLUMNS)
    .where('partition', '=', partition)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map(toEvent);
}

/** Those of these numbers that are in the log, in their order. */
export async function listEventsBySequence(db: Db, sequences: readonly number[]): Promise<StoredEvent[]> {
  if (sequences.length === 0) return [];
  const rows = await db
    .selectFrom('events')
    .select(COLUMNS)
    .where(sql<boolean>`sequence = any(${sequences})`)
    .orderBy('sequence')
    .execute();
  return rows.map(toEvent);
}

export async function findEvent(db: Db, id: string): Promise<StoredEvent | undefined> {
  const row = await db.selectFrom('events').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row && toEvent(row);
}

/** The number of a user's event that comes `count` events after a number; undefined when there are not so many. */
export async function findSequenceOf(
  db: Db,
  userId: string,
  { after, count }: { after: number; count: number },
): Promise<number | undefined> {
  const row = await db
    .selectFrom('event_audience')
    .select('sequence')
    .where('user_id', '=', userId)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .offset(count - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.sequence;
}

/** The numbers of the oldest event that is kept (null when there is none) and of the newest that ever was. */
export async function readEventBounds(db: Db): Promise<{ oldest: number | null; newest: number }> {
  const { rows } = await sql<{ oldest: number | null; newest: number }>`
    select (select min(sequence) from events) as oldest, sequence as newest from event_head`.execute(db);
  return rows[0]!;
}

/** Removes up to `limit` of the events from before an instant; answers how many it were. */
export async function removeEventsBefore(db: Db, instant: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with old as (
      delete from events where sequence in (
        select sequence from events where occurred_at < ${instant} order by sequence limit ${limit}
      ) returning sequence, audience
    ), unheard as (
      delete from event_audience using (select unnest(audience) as user_id, sequence from old) as heard
      where event_audience.user_id = heard.user_id and event_audience.sequence = heard.sequence
    )
    select count(*)::int as count from old`.execute(db);
  return rows[0]!.count;
}
