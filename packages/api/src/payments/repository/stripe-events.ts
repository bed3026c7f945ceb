import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { EventOutcome, StripeEvent } from '../model/stripe-event.ts';

/** Keeps an event; answers whether it is the first time that it came. What nobody takes is done with at once. */
export async function insertStripeEvent(
  tx: Tx,
  event: StripeEvent,
  outcome: EventOutcome | null,
  now: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('stripe_events')
    .values({
      id: event.id,
      type: event.type,
      account: event.account,
      object_type: event.objectType,
      object_id: event.objectId,
      payload: JSON.stringify(event.payload),
      created_at: event.createdAt,
      received_at: now,
      processed_at: outcome === null ? null : now,
      outcome,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** What waits to be applied of an event; undefined when nothing does. */
export async function findWaitingEvent(
  db: Db,
  id: string,
): Promise<{ objectType: string | null; objectId: string | null } | undefined> {
  return db
    .selectFrom('stripe_events')
    .select(['object_type as objectType', 'object_id as objectId'])
    .where('id', '=', id)
    .where('processed_at', 'is', null)
    .executeTakeFirst();
}

export async function finishStripeEvent(db: Db, id: string, outcome: EventOutcome, now: Date): Promise<void> {
  await db
    .updateTable('stripe_events')
    .set({ outcome, processed_at: now })
    .where('id', '=', id)
    .where('processed_at', 'is', null)
    .execute();
}

/** Removes up to `limit` events that came before an instant; answers how many. */
export async function removeStripeEventsBefore(db: Db, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`delete from stripe_events where id in (
    select id from stripe_events where received_at < ${before} order by received_at limit ${limit})`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}
