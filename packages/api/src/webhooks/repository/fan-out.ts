import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../platform/context.ts';
import { ALL_TYPES } from '../model/endpoint.ts';

/** Everything that an endpoint may have named an event by. */
const namesOf = (type: RawBuilder<unknown>) =>
  sql`array[${type}, split_part(${type}, '.', 1) || '.*', ${sql.lit(ALL_TYPES)}]`;

/** Makes a delivery of each of these events to each endpoint that wants it; one that is there already stays. */
export async function insertDeliveriesOf(db: Db, sequences: readonly number[], now: Date): Promise<number> {
  const wants = sql`e.enabled and e.types && ${namesOf(sql`v.type`)}`;
  const { numAffectedRows } = await sql`
    insert into webhook_deliveries (endpoint_id, id, kind, event_sequence, event_id, event_type, state, next_attempt_at, created_at)
    select e.id, uuid_at(${now}), 'event', v.sequence, v.id, v.type, 'pending', ${now}::timestamptz, ${now}::timestamptz
    from events v
    cross join lateral (
      select e.id, e.user_id, false as staff from webhook_endpoints e
      where e.user_id = any (v.audience) and e.deleted_at is null and ${wants}
      union all
      select e.id, e.user_id, true from webhook_endpoints e where e.all_events and ${wants}
    ) e
    join users u on u.id = e.user_id and u.status = 'active' and (not e.staff or u.role = 'admin')
    where v.sequence = any (${sequences})
    order by v.sequence
    on conflict do nothing`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

export interface Replay {
  endpointId: string;
  fromSequence: number;
  toSequence: number;
  types: readonly string[];
}

/**
 * Makes deliveries of an endpoint's events from before, the first `limit` of them. Those that are on their way already
 * become due instead. Answers the number of the last event that was looked at; undefined when no event is left.
 */
export async function replayEvents(
  db: Db,
  { endpointId, fromSequence, toSequence, types }: Replay,
  limit: number,
  now: Date,
): Promise<number | undefined> {
  const { rows } = await sql<{ last: number | null }>`
    with endpoint as (
      select e.id, e.user_id, e.all_events and u.role = 'admin' as all_events
      from webhook_endpoints e join users u on u.id = e.user_id and u.status = 'active'
      where e.id = ${endpointId} and e.enabled
    ), world as materialized (
      (select v.sequence, v.id, v.type from endpoint join event_audience a on a.user_id = endpoint.user_id
         join events v on v.sequence = a.sequence
       where not endpoint.all_events and a.sequence between ${fromSequence} and ${toSequence}
       order by a.sequence limit ${limit})
      union all
      (select v.sequence, v.id, v.type from endpoint join events v on v.sequence between ${fromSequence} and ${toSequence}
       where endpoint.all_events order by v.sequence limit ${limit})
    ), wanted as materialized (
      select * from world where ${namesOf(sql`world.type`)} && ${[...types]}::text[]
    ), hastened as (
      update webhook_deliveries d set next_attempt_at = ${now} from wanted
      where d.endpoint_id = ${endpointId} and d.event_sequence = wanted.sequence and d.kind = 'event' and d.state = 'pending'
      returning d.event_sequence
    ), made as (
      insert into webhook_deliveries (endpoint_id, id, kind, event_sequence, event_id, event_type, state, next_attempt_at, created_at)
      select ${endpointId}::uuid, uuid_at(${now}), 'replay', sequence, id, type, 'pending', ${now}::timestamptz, ${now}::timestamptz
      from wanted where not exists (select from hastened where hastened.event_sequence = wanted.sequence)
      order by sequence
      on conflict do nothing
    )
    select max(sequence) as last from world`.execute(db);
  return rows[0]!.last ?? undefined;
}
