import { sql } from 'kysely';
import type { Db } from '../../platform/context.ts';
import type { Delivery, DeliveryKind, DeliveryState, LoggedAttempt } from '../model/delivery.ts';

const COLUMNS = [
  'id',
  'kind',
  'event_id as eventId',
  'event_sequence as eventSequence',
  'event_type as eventType',
  'state',
  'attempts',
  'next_attempt_at as nextAttemptAt',
  'created_at as createdAt',
  'ended_at as endedAt',
] as const;

type Stored = 'kind' | 'state' | 'attempts';
type DeliveryRow = Omit<Delivery, Stored> & Record<Stored, unknown>;

// Only what the model knows is ever stored.
const toDelivery = (row: DeliveryRow): Delivery => ({
  ...row,
  kind: row.kind as DeliveryKind,
  state: row.state as DeliveryState,
  attempts: row.attempts as LoggedAttempt[],
});

const deliveriesOf = (db: Db, endpointId: string) =>
  db.selectFrom('webhook_deliveries').where('endpoint_id', '=', endpointId);

/** The log of an endpoint, newest first, one more than `limit` when there are more. */
export async function listDeliveries(
  db: Db,
  endpointId: string,
  { before, limit, state }: { before: string | undefined; limit: number; state: DeliveryState | undefined },
): Promise<Delivery[]> {
  let query = deliveriesOf(db, endpointId).select(COLUMNS);
  if (before !== undefined) query = query.where('id', '<', before);
  if (state) query = query.where('state', '=', state);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(toDelivery);
}

export async function findDelivery(db: Db, endpointId: string, id: string): Promise<Delivery | undefined> {
  const row = await deliveriesOf(db, endpointId).where('id', '=', id).select(COLUMNS).executeTakeFirst();
  return row && toDelivery(row);
}

export async function insertDelivery(db: Db, endpointId: string, delivery: Delivery): Promise<void> {
  await db
    .insertInto('webhook_deliveries')
    .values({
      endpoint_id: endpointId,
      id: delivery.id,
      kind: delivery.kind,
      event_id: delivery.eventId,
      event_sequence: delivery.eventSequence,
      event_type: delivery.eventType,
      state: delivery.state,
      attempts: JSON.stringify(delivery.attempts),
      next_attempt_at: delivery.nextAttemptAt,
      created_at: delivery.createdAt,
      ended_at: delivery.endedAt,
    })
    .execute();
}

/** Makes pending deliveries due: that of an id, or all of an endpoint. */
export async function hastenDeliveries(db: Db, endpointId: string, now: Date, id?: string): Promise<void> {
  let query = db
    .updateTable('webhook_deliveries')
    .set({ next_attempt_at: now })
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', 'pending')
    .where('next_attempt_at', '>', now);
  if (id !== undefined) query = query.where('id', '=', id);
  await query.execute();
}

/** Removes up to `limit` deliveries that ended, or whose event was left behind, before an instant. */
export async function removeOldDeliveries(
  db: Db,
  { endedBefore, madeBefore, limit }: { endedBefore: Date; madeBefore: Date; limit: number },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with old as (
      (select endpoint_id, id from webhook_deliveries where ended_at < ${endedBefore} order by ended_at limit ${limit})
      union
      (select endpoint_id, id from webhook_deliveries where state = 'pending' and created_at < ${madeBefore} limit ${limit})
    ), removed as (
      delete from webhook_deliveries d using old
      where d.endpoint_id = old.endpoint_id and d.id = old.id
      returning 1
    )
    select count(*)::int as count from removed`.execute(db);
  return rows[0]!.count;
}

/** Removes up to `limit` deliveries of removed endpoints, then the endpoints that have none left. */
export async function removeDeletedEndpoints(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with removed as (
      delete from webhook_deliveries where (endpoint_id, id) in (
        select d.endpoint_id, d.id from webhook_endpoints e join webhook_deliveries d on d.endpoint_id = e.id
        where e.deleted_at is not null limit ${limit}
      ) returning 1
    )
    select count(*)::int as count from removed`.execute(db);
  const { count } = rows[0]!;
  if (count === 0)
    await sql`delete from webhook_endpoints e where deleted_at is not null
      and not exists (select from webhook_deliveries d where d.endpoint_id = e.id)`.execute(db);
  return count;
}
