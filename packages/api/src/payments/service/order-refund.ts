import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { enqueueAll } from '../../platform/jobs/enqueue.ts';
import { about, newsOf, paymentRefunded } from '../events.ts';
import { refund as refundJob } from '../jobs.ts';
import { refundsFrom } from '../model/payment.ts';
import type { PaymentRefund } from '../model/refund.ts';
import { movable } from '../model/stripe-amount.ts';
import { listLost } from '../repository/disputes.ts';
import { addRefunds, lockPayments } from '../repository/payments.ts';
import { insertRefunds } from '../repository/refunds.ts';

/**
 * Gives back an amount, in minor units, of what was taken for a thing: from the newest payment first. Of a currency with
 * three decimals Stripe moves no last digit: that stays with the marketplace.
 *
 * @throws RangeError when more is to be given back than is left: a fault of the caller, and nothing is given back
 */
export async function orderRefund(
  ctx: Context,
  tx: Tx,
  { reference, amount }: { reference: string; amount: number },
): Promise<void> {
  if (amount === 0) return;
  const payments = await lockPayments(tx, [reference]);
  const wanted = payments[0] ? movable(amount, payments[0].currency) : amount;
  const lost = await listLost(tx, reference);
  // What a bank took of a payment is not there to be given back of it.
  const left = payments.map((payment) => ({
    ...payment,
    refunded: payment.refunded + (lost.get(payment.id) ?? 0),
  }));
  const shares = refundsFrom(left, wanted);
  if (amount < 0 || shares.reduce((sum, share) => sum + share.amount, 0) < wanted)
    throw new RangeError(`${amount} cannot be given back of the payments for ${reference}.`);
  if (shares.length > 0) await order(ctx, tx, shares);
}

async function order(ctx: Context, tx: Tx, shares: ReturnType<typeof refundsFrom>): Promise<void> {
  const now = ctx.clock.now();
  const refunds = shares.map(
    ({ payment, amount }): PaymentRefund => ({
      id: newUuid(now),
      paymentId: payment.id,
      reference: payment.reference,
      currency: payment.currency,
      amount,
      status: 'pending',
      stripeRefundId: null,
      failure: null,
      refusals: 0,
      createdAt: now,
    }),
  );
  await insertRefunds(tx, refunds, now);
  const amounts = refunds.map(({ paymentId, amount }) => ({ id: paymentId, amount }));
  const refunded = await addRefunds(tx, amounts, now);
  const byPayment = new Map(refunds.map(({ paymentId, amount }) => [paymentId, amount]));
  await emitAll(
    ctx,
    tx,
    paymentRefunded,
    refunded.map((payment) => ({
      ...newsOf(payment),
      data: { ...about(payment), refund: byPayment.get(payment.id)! },
    })),
  );
  const jobs = refunds.map(({ id }) => ({ payload: { refundId: id }, key: id }));
  await enqueueAll(ctx, tx, refundJob, jobs);
}
