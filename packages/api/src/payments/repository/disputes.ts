import type { Currency } from '@sojourn/shared/money';
import type { Selectable } from 'kysely';
import type { Tx } from '../../platform/context.ts';
import type { Disputes } from '../../platform/db/rows.ts';
import type { Dispute, DisputeStatus } from '../model/dispute.ts';

const toDispute = (row: Selectable<Disputes>): Dispute => ({
  id: row.id,
  paymentId: row.payment_id,
  reference: row.reference,
  stripeDisputeId: row.stripe_dispute_id,
  currency: row.currency as Currency,
  amount: row.amount,
  status: row.status as DisputeStatus,
  reason: row.reason,
  evidenceDueAt: row.evidence_due_at,
  openedAt: row.opened_at,
  closedAt: row.closed_at,
});

/** By Stripe's id. The transaction holds its payment, so that nobody else writes it. */
export async function findDispute(tx: Tx, stripeDisputeId: string): Promise<Dispute | undefined> {
  const row = await tx
    .selectFrom('disputes')
    .selectAll()
    .where('stripe_dispute_id', '=', stripeDisputeId)
    .executeTakeFirst();
  return row && toDispute(row);
}

export async function putDispute(tx: Tx, dispute: Dispute, now: Date): Promise<void> {
  const changing = {
    status: dispute.status,
    evidence_due_at: dispute.evidenceDueAt,
    closed_at: dispute.closedAt,
    looked_at: now,
  };
  await tx
    .insertInto('disputes')
    .values({
      id: dispute.id,
      payment_id: dispute.paymentId,
      reference: dispute.reference,
      stripe_dispute_id: dispute.stripeDisputeId,
      currency: dispute.currency,
      amount: dispute.amount,
      reason: dispute.reason,
      opened_at: dispute.openedAt,
      ...changing,
    })
    .onConflict((conflict) => conflict.column('stripe_dispute_id').doUpdateSet(changing))
    .execute();
}

/** What banks took of a payment for good, in minor units, and whether one still decides about it. */
export async function sumDisputes(tx: Tx, paymentId: string): Promise<{ lost: number; open: boolean }> {
  const rows = await tx
    .selectFrom('disputes')
    .select(['status', 'amount'])
    .where('payment_id', '=', paymentId)
    .execute();
  const lost = rows.filter(({ status }) => status === 'lost').reduce((sum, { amount }) => sum + amount, 0);
  return { lost, open: rows.some(({ status }) => status === 'open') };
}

/** What banks took for good of the payments for a thing, by payment. */
export async function listLost(tx: Tx, reference: string): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .selectFrom('disputes')
    .select(['payment_id', ({ fn }) => fn.sum<number>('amount').as('amount')])
    .where('reference', '=', reference)
    .where('status', '=', 'lost')
    .groupBy('payment_id')
    .execute();
  return new Map(rows.map(({ payment_id, amount }) => [payment_id, Number(amount)]));
}
