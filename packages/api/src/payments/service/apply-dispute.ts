import { post } from '../../ledger/service/post.ts';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { enqueueAll } from '../../platform/jobs/enqueue.ts';
import { about, newsOf, paymentDisputeClosed, paymentDisputed } from '../events.ts';
import { refund as refundJob } from '../jobs.ts';
import { type Dispute, type DisputeAtStripe, disputeOf, disputeStatusAfter } from '../model/dispute.ts';
import { disputeEntries, disputeLossEntries } from '../model/entries.ts';
import type { Payment } from '../model/payment.ts';
import { findDispute, putDispute } from '../repository/disputes.ts';
import { addRefunds, lockPayment, lockPaymentAtStripe } from '../repository/payments.ts';
import { decideBlocked } from '../repository/refunds.ts';
import type { Applied } from './apply-intent.ts';
import { withPayment } from './look-at-intent.ts';

/** Reads a dispute as it stands at Stripe, and applies it. */
export async function lookAtDispute(ctx: Context, id: string): Promise<Applied> {
  const told = disputeOf(await ctx.stripe.client.disputes.retrieve(id));
  return withPayment(ctx, told, () => applyDispute(ctx, told));
}

/** Writes down a dispute as it stands now. The only place that does, whoever heard of it. */
export const applyDispute = (ctx: Context, told: DisputeAtStripe): Promise<Applied> =>
  transaction(ctx, async (tx) => {
    const payment = await lockPaymentAtStripe(tx, told);
    if (!payment) return 'ignored';
    const known = await findDispute(tx, told.stripeDisputeId);
    const dispute = after(ctx, payment, known, told);
    await putDispute(tx, dispute, ctx.clock.now());
    await book(ctx, tx, dispute, told);
    if (!known) await tellOpened(ctx, tx, payment, dispute);
    if (dispute.status !== 'open' && known?.status !== dispute.status) {
      await decideRefunds(ctx, tx, dispute);
      await tellClosed(ctx, tx, dispute);
    }
    return 'applied';
  });

function after(ctx: Context, payment: Payment, known: Dispute | undefined, told: DisputeAtStripe): Dispute {
  const status = disputeStatusAfter(known?.status ?? 'open', told.status);
  return {
    id: known?.id ?? newUuid(ctx.clock.now()),
    paymentId: payment.id,
    reference: payment.reference,
    stripeDisputeId: told.stripeDisputeId,
    currency: told.currency,
    amount: told.amount,
    status,
    reason: told.reason,
    evidenceDueAt: told.evidenceDueAt,
    openedAt: told.openedAt,
    closedAt: known?.closedAt ?? (status === 'open' ? null : ctx.clock.now()),
  };
}

async function book(ctx: Context, tx: Tx, dispute: Dispute, { movements }: DisputeAtStripe): Promise<void> {
  const moves = { reference: dispute.reference, id: dispute.stripeDisputeId, movements };
  await post(ctx, tx, [
    ...disputeEntries(moves),
    ...(dispute.status === 'lost' ? disputeLossEntries(moves, dispute.closedAt!) : []),
  ]);
}

/** Refunds that waited for the bank go on when it left the money here; otherwise the payer has it already. */
async function decideRefunds(ctx: Context, tx: Tx, { paymentId, status }: Dispute): Promise<void> {
  const now = ctx.clock.now();
  if (status === 'lost') {
    const inVain = await decideBlocked(tx, paymentId, { status: 'cancelled', failure: 'dispute_lost' }, now);
    const amounts = inVain.map(({ amount }) => ({ id: paymentId, amount: -amount }));
    await addRefunds(tx, amounts, now);
    return;
  }
  const waiting = await decideBlocked(tx, paymentId, { status: 'pending', failure: null }, now);
  const jobs = waiting.map(({ id }) => ({ payload: { refundId: id }, key: id }));
  await enqueueAll(ctx, tx, refundJob, jobs);
}

const tellOpened = (ctx: Context, tx: Tx, payment: Payment, { amount, reason }: Dispute): Promise<void> =>
  emit(ctx, tx, paymentDisputed, {
    ...newsOf(payment),
    data: { ...about(payment), disputed: amount, reason },
  });

async function tellClosed(ctx: Context, tx: Tx, { paymentId, amount, status }: Dispute): Promise<void> {
  const payment = (await lockPayment(tx, paymentId))!;
  await emit(ctx, tx, paymentDisputeClosed, {
    ...newsOf(payment),
    data: { ...about(payment), disputed: amount, outcome: status === 'lost' ? 'lost' : 'won' },
  });
}
