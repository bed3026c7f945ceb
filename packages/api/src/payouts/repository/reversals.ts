import type { Db, Tx } from '../../platform/context.ts';
import type { PayoutFailure, Reversal } from '../model/payout.ts';

const COLUMNS = ['id', 'payout_id as payoutId', 'amount', 'status', 'created_at as createdAt'] as const;

export interface OrderedReversal extends Reversal {
  createdAt: Date;
}

export async function findReversal(db: Db, id: string): Promise<OrderedReversal | undefined> {
  const row = await db.selectFrom('payout_reversals').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row && { ...row, status: row.status as Reversal['status'] };
}

/** Ends a reversal that is pending; false when it has ended before. */
async function endReversal(
  tx: Tx,
  id: string,
  how: { status: Reversal['status']; stripe_reversal_id?: string; failure?: PayoutFailure },
  now: Date,
): Promise<boolean> {
  const row = await tx
    .updateTable('payout_reversals')
    .set({ ...how, updated_at: now })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** What was ordered back has come. */
export async function markReversed(
  tx: Tx,
  { id, payoutId, amount }: Reversal,
  stripeReversalId: string,
  now: Date,
): Promise<boolean> {
  if (!(await endReversal(tx, id, { status: 'succeeded', stripe_reversal_id: stripeReversalId }, now)))
    return false;
  await tx
    .updateTable('payouts')
    .set(({ eb, ref }) => ({ reversed: eb(ref('reversed'), '+', amount), updated_at: now }))
    .where('id', '=', payoutId)
    .execute();
  return true;
}

export const markReversalFailed = (
  tx: Tx,
  { id }: Reversal,
  failure: PayoutFailure,
  now: Date,
): Promise<boolean> => endReversal(tx, id, { status: 'failed', failure }, now);

/** Those that were ordered and not answered since. */
export async function listSilentReversals(db: Db, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('payout_reversals')
    .select('id')
    .where('status', '=', 'pending')
    .where('updated_at', '<', before)
    .orderBy('updated_at')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
