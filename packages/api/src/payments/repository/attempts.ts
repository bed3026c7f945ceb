import type { Selectable } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import type { PaymentAttempts } from '../../platform/db/rows.ts';
import type { AttemptStatus, PaymentAttempt } from '../model/payment.ts';

const toAttempt = (row: Selectable<PaymentAttempts>): PaymentAttempt => ({
  id: row.id,
  paymentId: row.payment_id,
  paymentMethod: row.payment_method,
  offSession: row.off_session,
  status: row.status as AttemptStatus,
  failure: row.failure,
  createdAt: row.created_at,
});

export async function insertAttempt(tx: Tx, attempt: PaymentAttempt): Promise<void> {
  await tx
    .insertInto('payment_attempts')
    .values({
      id: attempt.id,
      payment_id: attempt.paymentId,
      payment_method: attempt.paymentMethod,
      off_session: attempt.offSession,
      status: attempt.status,
      failure: attempt.failure,
      created_at: attempt.createdAt,
    })
    .execute();
}

export async function getAttempt(db: Db, id: string): Promise<PaymentAttempt> {
  return toAttempt(
    await db.selectFrom('payment_attempts').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  );
}

/** The attempt of which nothing is known yet, of the newest payment for a thing. */
export async function findPendingAttempt(tx: Tx, reference: string): Promise<PaymentAttempt | undefined> {
  const row = await tx
    .selectFrom('payment_attempts as a')
    .innerJoin('payments as p', 'p.id', 'a.payment_id')
    .selectAll('a')
    .where('p.reference', '=', reference)
    .where('p.status', '=', 'processing')
    .where('a.status', '=', 'pending')
    .orderBy('a.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toAttempt(row);
}

export async function hasPendingAttempt(tx: Tx, paymentId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('payment_attempts')
    .select('id')
    .where('payment_id', '=', paymentId)
    .where('status', '=', 'pending')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends the attempts of a payment that are in one of these states; answers how many that were. */
export async function endAttempts(
  tx: Tx,
  which: { paymentId: string; from: readonly AttemptStatus[]; id?: string },
  end: { status: AttemptStatus; failure: string | null },
  now: Date,
): Promise<number> {
  let update = tx
    .updateTable('payment_attempts')
    .set({ ...end, settled_at: now })
    .where('payment_id', '=', which.paymentId)
    .where('status', 'in', [...which.from]);
  if (which.id !== undefined) update = update.where('id', '=', which.id);
  const { numUpdatedRows } = await update.executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}
