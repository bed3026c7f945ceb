import type { Currency } from '@sojourn/shared/money';
import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import type { Refunds } from '../../platform/db/rows.ts';
import type { MoneyGone, PaymentRefund, RefundStatus } from '../model/refund.ts';

const toRefund = (row: Selectable<Refunds>): PaymentRefund => ({
  id: row.id,
  paymentId: row.payment_id,
  reference: row.reference,
  currency: row.currency as Currency,
  amount: row.amount,
  status: row.status as RefundStatus,
  stripeRefundId: row.stripe_refund_id,
  failure: row.failure,
  refusals: row.refusals,
  createdAt: row.created_at,
});

const REFUND_TYPES = {
  id: 'uuid',
  payment_id: 'uuid',
  reference: 'uuid',
  currency: 'text',
  amount: 'bigint',
  status: 'text',
  stripe_refund_id: 'text',
  failure: 'text',
} as const;

export async function insertRefunds(tx: Tx, refunds: readonly PaymentRefund[], now: Date): Promise<void> {
  const rows = refunds.map((refund) => ({
    id: refund.id,
    payment_id: refund.paymentId,
    reference: refund.reference,
    currency: refund.currency,
    amount: refund.amount,
    status: refund.status,
    stripe_refund_id: refund.stripeRefundId,
    failure: refund.failure,
  }));
  const columns = sql.join(Object.keys(REFUND_TYPES).map((name) => sql.ref(name)));
  await sql`insert into refunds (created_at, updated_at, ${columns})
    select ${now}::timestamptz, ${now}::timestamptz, ${columns} from ${columnwise(rows, REFUND_TYPES)} as rows`.execute(
    tx,
  );
}

export async function getRefund(db: Db, id: string): Promise<PaymentRefund> {
  return toRefund(await db.selectFrom('refunds').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
}

/** A refund by our id, or by that of Stripe. The transaction holds its payment, so that nobody else writes it. */
export async function findRefund(
  tx: Tx,
  { refundId, stripeRefundId }: { refundId: string | null; stripeRefundId: string | null },
): Promise<PaymentRefund | undefined> {
  const row = await tx
    .selectFrom('refunds')
    .selectAll()
    .where((is) => is.or([is('id', '=', refundId), is('stripe_refund_id', '=', stripeRefundId)]))
    .executeTakeFirst();
  return row && toRefund(row);
}

export async function updateRefund(tx: Tx, refund: PaymentRefund, now: Date): Promise<void> {
  await tx
    .updateTable('refunds')
    .set({
      status: refund.status,
      stripe_refund_id: refund.stripeRefundId,
      failure: refund.failure,
      refusals: refund.refusals,
      updated_at: now,
    })
    .where('id', '=', refund.id)
    .execute();
}

/** Ends the waiting of refunds of a payment for a dispute; answers those that waited. */
export async function decideBlocked(
  tx: Tx,
  paymentId: string,
  decided: { status: RefundStatus; failure: string | null },
  now: Date,
): Promise<PaymentRefund[]> {
  const rows = await tx
    .updateTable('refunds')
    .set({ ...decided, updated_at: now })
    .where('payment_id', '=', paymentId)
    .where('status', '=', 'blocked')
    .returningAll()
    .execute();
  return rows.map(toRefund);
}

/** What is given back for a thing, oldest first. */
export async function listRefunds(db: Db, reference: string): Promise<PaymentRefund[]> {
  const rows = await db
    .selectFrom('refunds')
    .selectAll()
    .where('reference', '=', reference)
    .orderBy('id')
    .execute();
  return rows.map(toRefund);
}

export async function sumMoneyGone(db: Db, reference: string): Promise<MoneyGone> {
  const { rows } = await sql<MoneyGone>`
    select
      coalesce((select sum(amount) from refunds where reference = ${reference}
        and status in ('pending', 'blocked', 'succeeded')), 0)::bigint as refunded,
      coalesce((select sum(amount) from refunds where reference = ${reference} and status = 'failed'), 0)::bigint as failed,
      coalesce((select sum(amount) from disputes where reference = ${reference} and status = 'lost'), 0)::bigint as lost,
      exists (select from disputes where reference = ${reference} and status = 'open') as "openDispute"`.execute(
    db,
  );
  return rows[0]!;
}
