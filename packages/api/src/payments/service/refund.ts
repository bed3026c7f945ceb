import type Stripe from 'stripe';
import type { Context } from '../../platform/context.ts';
import { publicId } from '../../platform/id.ts';
import { isRefusal } from '../../platform/stripe/failures.ts';
import { isKeyOld } from '../../platform/stripe/keys.ts';
import { isVain, type PaymentRefund } from '../model/refund.ts';
import { refundOf } from '../model/refund-at-stripe.ts';
import { toStripeAmount } from '../model/stripe-amount.ts';
import { findPayment } from '../repository/payments.ts';
import { getRefund } from '../repository/refunds.ts';
import type { Applied } from './apply-intent.ts';
import { applyRefund, refuseRefund } from './apply-refund.ts';
import { withPayment } from './look-at-intent.ts';

/** What is read with a refund, so that one call tells all of it. */
const WITH_MOVEMENTS = { expand: ['balance_transaction', 'failure_balance_transaction'] };
const PAGE = 100;
const DISPUTED = ['charge_disputed', 'refund_disputed_payment'];

/** Gives back what was ordered to be. */
export async function refund(ctx: Context, refundId: string): Promise<void> {
  const ordered = await getRefund(ctx.db, refundId);
  if (isVain(ordered.status) || ordered.status === 'succeeded') return;
  if (ordered.stripeRefundId !== null) {
    await lookAtRefund(ctx, ordered.stripeRefundId);
    return;
  }
  try {
    await applyRefund(ctx, refundOf((await findMade(ctx, ordered)) ?? (await make(ctx, ordered))));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const code = error.code ?? 'refused';
    await refuseRefund(ctx, ordered, DISPUTED.includes(code) ? 'blocked' : 'failed', code);
  }
}

/** Reads a refund as it stands at Stripe, and applies it. */
export async function lookAtRefund(ctx: Context, stripeRefundId: string): Promise<Applied> {
  const told = refundOf(await ctx.stripe.client.refunds.retrieve(stripeRefundId, WITH_MOVEMENTS));
  return withPayment(ctx, told, () => applyRefund(ctx, told));
}

/** The same of all refunds of a charge, for who only hears that there was one. */
export async function lookAtRefundsOf(ctx: Context, chargeId: string): Promise<Applied> {
  const { data } = await ctx.stripe.client.refunds.list({ charge: chargeId, limit: PAGE });
  const applied = await Promise.all(data.map(({ id }) => lookAtRefund(ctx, id)));
  return applied.includes('applied') ? 'applied' : 'ignored';
}

async function make(
  ctx: Context,
  { id, paymentId, amount, currency, refusals }: PaymentRefund,
): Promise<Stripe.Refund> {
  const { intentId } = (await findPayment(ctx.db, paymentId))!;
  const key = refusals === 0 ? `refund:${id}` : `refund:${id}:${refusals}`;
  const { id: made } = await ctx.stripe.client.refunds.create(
    {
      payment_intent: intentId!,
      amount: toStripeAmount(amount, currency)!,
      metadata: { refund: publicId('rfd', id) },
    },
    { idempotencyKey: key },
  );
  return ctx.stripe.client.refunds.retrieve(made, WITH_MOVEMENTS);
}

/** A refund that was made so long ago that its key does not find it any more. */
async function findMade(ctx: Context, refund: PaymentRefund): Promise<Stripe.Refund | undefined> {
  if (!isKeyOld(ctx, refund.createdAt)) return undefined;
  const { intentId } = (await findPayment(ctx.db, refund.paymentId))!;
  const { data } = await ctx.stripe.client.refunds.list({ payment_intent: intentId!, limit: PAGE });
  const made = data.find(({ metadata }) => metadata?.refund === publicId('rfd', refund.id));
  return made && ctx.stripe.client.refunds.retrieve(made.id, WITH_MOVEMENTS);
}
