import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { about, newsOf, paymentFailed } from '../events.ts';
import type { WantedPayment } from '../model/payment.ts';
import { lockPayments, updatePayment } from '../repository/payments.ts';
import { insertOpenPayment } from './open-payment.ts';
import { refuseUnmovable } from './refuse-unmovable.ts';
import { beginAttempt } from './start-attempt.ts';

/** Why there was no attempt: the payer left nothing that could be charged. */
const NOTHING_KEPT = 'no_payment_method';

/**
 * Charges more for a thing, with what it was paid with before. What comes of it is told by events; a payment that is
 * declined stays open, and the payer may pay it as any other.
 *
 * @returns the id of the payment
 * @throws payment_not_possible
 */
export async function chargeAgain(
  ctx: Context,
  tx: Tx,
  wanted: Omit<WantedPayment, 'capture'>,
): Promise<string> {
  refuseUnmovable(wanted.amount);
  const before = await lockPayments(tx, [wanted.reference]);
  const paid = before.findLast(
    ({ status, paymentMethod }) => status === 'succeeded' && paymentMethod !== null,
  );
  const payment = await insertOpenPayment(ctx, tx, { ...wanted, capture: 'automatic' });
  if (payment.status === 'succeeded') return payment.id;
  if (paid?.paymentMethod) {
    const { paymentMethod } = paid;
    await beginAttempt(ctx, tx, payment, { paymentMethod, offSession: true, waitMs: 0 });
  } else {
    const failed = await updatePayment(tx, { ...payment, failure: NOTHING_KEPT }, ctx.clock.now());
    await emit(ctx, tx, paymentFailed, {
      ...newsOf(failed),
      data: { ...about(failed), reason: NOTHING_KEPT },
    });
  }
  return payment.id;
}
