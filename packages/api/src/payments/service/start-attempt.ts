import type { Context, Tx } from '../../platform/context.ts';
import { newUuid } from '../../platform/id.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import { settleAttempt } from '../jobs.ts';
import type { Payment } from '../model/payment.ts';
import { paymentNotOpen } from '../problems.ts';
import { findPendingAttempt, insertAttempt } from '../repository/attempts.ts';
import { lockOpenPayment, updatePayment } from '../repository/payments.ts';
import { refuseUnmovable } from './refuse-unmovable.ts';

/** How long the process that started an attempt has for it before a job looks, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Writes down that the newest open payment for a thing is paid now. `settleAttempt`, outside of the transaction, does
 * it; when the process dies before, a job does. While one attempt is under way, it is the one that is answered.
 *
 * @returns the id of the attempt
 * @throws payment_not_possible, payment_not_open
 */
export async function startAttempt(
  ctx: Context,
  tx: Tx,
  { reference, paymentMethod }: { reference: string; paymentMethod: string },
): Promise<string> {
  const pending = await findPendingAttempt(tx, reference);
  if (pending) return pending.id;
  const payment = await lockOpenPayment(tx, reference);
  if (!payment) throw paymentNotOpen();
  refuseUnmovable(payment);
  return beginAttempt(ctx, tx, payment, { paymentMethod, offSession: false, waitMs: PATIENCE_MS });
}

/** Writes an attempt of a payment that the transaction holds. */
export async function beginAttempt(
  ctx: Context,
  tx: Tx,
  payment: Payment,
  { paymentMethod, offSession, waitMs }: { paymentMethod: string; offSession: boolean; waitMs: number },
): Promise<string> {
  const now = ctx.clock.now();
  const id = newUuid(now);
  const { id: paymentId } = payment;
  await insertAttempt(tx, {
    id,
    paymentId,
    paymentMethod,
    offSession,
    status: 'pending',
    failure: null,
    createdAt: now,
  });
  await updatePayment(tx, { ...payment, status: 'processing' }, now);
  const runAt = new Date(now.getTime() + waitMs);
  await enqueue(ctx, tx, settleAttempt, { payload: { attemptId: id }, runAt, key: id });
  return id;
}
