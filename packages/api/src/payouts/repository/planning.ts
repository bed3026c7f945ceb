import type { Currency } from '@sojourn/shared/money';
import { sql } from 'kysely';
import type { Context, Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import { newUuid } from '../../platform/id.ts';
import type { Instalment } from '../model/plan.ts';
import type { Replan } from '../model/replan.ts';
import type { Reversing } from '../model/reversing.ts';

/** What was taken back, or could not be, of the payouts of a booking. */
export interface TakenBack {
  /** By payout, what is ordered to come back and has not yet. */
  reversing: ReadonlyMap<string, number>;
  /** What could not be taken back and is owed instead. */
  owed: number;
}

export async function readTakenBack(db: Db, bookingId: string): Promise<TakenBack> {
  const reversing = await db
    .selectFrom('payout_reversals')
    .innerJoin('payouts', 'payouts.id', 'payout_reversals.payout_id')
    .select(['payouts.id', sql<number>`sum(payout_reversals.amount)::bigint`.as('amount')])
    .where('payouts.booking_id', '=', bookingId)
    .where('payout_reversals.status', '=', 'pending')
    .groupBy('payouts.id')
    .execute();
  const { owed } = await db
    .selectFrom('host_debts')
    .select(sql<number>`coalesce(sum(amount), 0)::bigint`.as('owed'))
    .where('booking_id', '=', bookingId)
    .where('kind', '=', 'reversal')
    .executeTakeFirstOrThrow();
  return { reversing: new Map(reversing.map(({ id, amount }) => [id, amount])), owed };
}

/** Since when somebody is here, and whether a payout was ever sent to them. */
export async function readHostHistory(
  db: Db,
  hostId: string,
): Promise<{ createdAt: Date; paidBefore: boolean }> {
  return db
    .selectFrom('users')
    .select([
      'created_at as createdAt',
      sql<boolean>`exists (select from payouts p
        where p.host_id = users.id and p.status in ('processing', 'paid'))`.as('paidBefore'),
    ])
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow();
}

/** Whose a payout is, and of which booking. */
export interface Owner {
  hostId: string;
  bookingId: string;
  currency: Currency;
}

const NEW_TYPES = {
  id: 'uuid',
  host_id: 'uuid',
  booking_id: 'uuid',
  currency: 'text',
  amount: 'bigint',
  due_at: 'timestamptz',
} as const;

export async function insertPayouts(
  { clock }: Pick<Context, 'clock'>,
  tx: Tx,
  payouts: readonly (Owner & Instalment)[],
): Promise<void> {
  if (payouts.length === 0) return;
  const now = clock.now();
  const rows = payouts.map(({ hostId, bookingId, currency, amount, dueAt }) => ({
    id: newUuid(now),
    host_id: hostId,
    booking_id: bookingId,
    currency,
    amount,
    due_at: dueAt.toISOString(),
  }));
  await sql`
    insert into payouts (id, host_id, booking_id, currency, amount, status, due_at, next_attempt_at, created_at, updated_at)
    select id, host_id, booking_id, currency, amount, 'scheduled', due_at, due_at, ${now}, ${now}
    from ${columnwise(rows, NEW_TYPES)} as rows`.execute(tx);
}

/** One that failed does not wait less for it than it did. */
export async function changePayouts(tx: Tx, changed: Replan['changed'], now: Date): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ id, amount, dueAt }) => ({ id, amount, due_at: dueAt.toISOString() }));
  await sql`
    update payouts p set amount = r.amount, due_at = r.due_at, updated_at = ${now},
      next_attempt_at = case p.status when 'failed' then greatest(p.next_attempt_at, r.due_at) else r.due_at end
    from ${columnwise(rows, { id: 'uuid', amount: 'bigint', due_at: 'timestamptz' })} as r
    where p.id = r.id`.execute(tx);
}

export async function cancelPayouts(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('payouts')
    .set({ status: 'cancelled', updated_at: now })
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
}

/** Orders sums back; answers the ids of the orders. */
export async function insertReversals(
  { clock }: Pick<Context, 'clock'>,
  tx: Tx,
  reversals: readonly Reversing[],
): Promise<string[]> {
  if (reversals.length === 0) return [];
  const now = clock.now();
  const rows = reversals.map(({ payoutId, amount }) => ({
    id: newUuid(now),
    payout_id: payoutId,
    amount,
    status: 'pending',
    created_at: now,
    updated_at: now,
  }));
  await tx.insertInto('payout_reversals').values(rows).execute();
  return rows.map(({ id }) => id);
}

/** Writes what a host owes; a penalty once for its booking. Answers whether it is new. */
export async function insertDebt(
  { clock }: Pick<Context, 'clock'>,
  tx: Tx,
  { hostId, bookingId, currency, kind, amount }: Owner & { kind: 'penalty' | 'reversal'; amount: number },
): Promise<boolean> {
  const now = clock.now();
  const row = await tx
    .insertInto('host_debts')
    .values({
      id: newUuid(now),
      host_id: hostId,
      booking_id: bookingId,
      kind,
      currency,
      amount,
      remaining: amount,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
