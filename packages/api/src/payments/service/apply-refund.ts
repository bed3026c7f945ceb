import { post } from '../../ledger/service/post.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { about, newsOf, paymentRefunded, paymentRefundFailed } from '../events.ts';
import { refundEntry, refundFailureEntry } from '../model/entries.ts';
import type { Payment } from '../model/payment.ts';
import { isVain, type PaymentRefund, refundStatusAfter } from '../model/refund.ts';
import type { RefundAtStripe } from '../model/refund-at-stripe.ts';
import { sumDisputes } from '../repository/disputes.ts';
import { addRefunds, lockPayment, lockPaymentAtStripe } from '../repository/payments.ts';
import { findRefund, insertRefunds, updateRefund } from '../repository/refunds.ts';
import type { Applied } from './apply-intent.ts';

/** Makes a refund follow how it stands at Stripe now. The only place that does, whoever heard of it. */
export const applyRefund = (ctx: Context, told: RefundAtStripe): Promise<Applied> =>
  transaction(ctx, async (tx) => {
    const payment = await lockPaymentAtStripe(tx, told);
    if (!payment) return 'ignored';
    const refund = (await findRefund(tx, told)) ?? (await adopt(ctx, tx, payment, told));
    await follow(ctx, tx, refund, told);
    await book(ctx, tx, refund, told);
    return 'applied';
  });

/** Somebody gave money back at Stripe, by hand: it is as gone as if it had been ordered here. */
async function adopt(ctx: Context, tx: Tx, payment: Payment, told: RefundAtStripe): Promise<PaymentRefund> {
  const now = ctx.clock.now();
  const { amount, stripeRefundId } = told;
  const refund: PaymentRefund = {
    id: newUuid(now),
    paymentId: payment.id,
    reference: payment.reference,
    currency: payment.currency,
    amount,
    status: 'pending',
    stripeRefundId,
    failure: null,
    refusals: 0,
    createdAt: now,
  };
  await insertRefunds(tx, [refund], now);
  const [refunded] = await addRefunds(tx, [{ id: payment.id, amount }], now);
  await emit(ctx, tx, paymentRefunded, {
    ...newsOf(refunded!),
    data: { ...about(refunded!), refund: amount },
  });
  return refund;
}

async function follow(ctx: Context, tx: Tx, refund: PaymentRefund, told: RefundAtStripe): Promise<void> {
  const status = refundStatusAfter(refund.status, told.status);
  if (status === refund.status && refund.stripeRefundId !== null) return;
  await endRefund(ctx, tx, { ...refund, stripeRefundId: told.stripeRefundId }, status, told.failure);
}

/** Writes how a refund stands. Of what is in vain the payment takes back that it was given back. */
async function endRefund(
  ctx: Context,
  tx: Tx,
  refund: PaymentRefund,
  status: PaymentRefund['status'],
  failure: string | null,
): Promise<void> {
  const now = ctx.clock.now();
  await updateRefund(tx, { ...refund, status, failure }, now);
  if (!isVain(status) || isVain(refund.status)) return;
  const { paymentId: id, amount } = refund;
  const [payment] = await addRefunds(tx, [{ id, amount: -amount }], now);
  await emit(ctx, tx, paymentRefundFailed, {
    ...newsOf(payment!),
    data: { ...about(payment!), refund: amount, reason: failure ?? 'failed' },
  });
}

async function book(ctx: Context, tx: Tx, { reference }: PaymentRefund, told: RefundAtStripe): Promise<void> {
  const { stripeRefundId: id, movement, failureMovement } = told;
  await post(ctx, tx, [
    ...(movement ? [refundEntry({ reference, id, movement })] : []),
    ...(failureMovement ? [refundFailureEntry({ reference, id, movement: failureMovement })] : []),
  ]);
}

/** Ends a refund that Stripe refuses for good, or that waits for a dispute. */
export const refuseRefund = (
  ctx: Context,
  { id, paymentId, refusals }: PaymentRefund,
  status: 'failed' | 'blocked',
  failure: string,
): Promise<void> =>
  transaction(ctx, async (tx) => {
    const payment = (await lockPayment(tx, paymentId))!;
    const refund = await findRefund(tx, { refundId: id, stripeRefundId: null });
    // Another try may have been made meanwhile, with another key, whose end is not known yet.
    if (refund?.stripeRefundId !== null || isVain(refund.status) || refund.refusals !== refusals) return;
    const refused = { ...refund, refusals: refusals + 1 };
    const decided = status === 'blocked' ? await decidedFor(tx, payment) : undefined;
    await endRefund(ctx, tx, refused, decided ?? status, decided ? 'dispute_lost' : failure);
  });

/** Once a bank has given a payer the money, there is no decision to wait for: there may be nothing left to give back. */
async function decidedFor(tx: Tx, { id, captured, refunded }: Payment) {
  const { lost, open } = await sumDisputes(tx, id);
  if (lost === 0 || open) return undefined;
  return captured - lost < refunded ? 'cancelled' : 'failed';
}
