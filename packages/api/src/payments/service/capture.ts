import type { Context } from '../../platform/context.ts';
import { isDecline, isRefusal } from '../../platform/stripe/failures.ts';
import { findPayment } from '../repository/payments.ts';
import { applyIntent } from './apply-intent.ts';
import { cancelIntent } from './cancel-intent.ts';
import { answered, readIntent, WITH_CHARGE } from './look-at-intent.ts';

/** Takes what is reserved for a payment. What is not held any more, or is refused, is given up, and an event tells it. */
export async function capture(ctx: Context, paymentId: string): Promise<void> {
  const payment = await findPayment(ctx.db, paymentId);
  if (!payment?.captureRequestedAt || payment.status !== 'processing' || payment.intentId === null) return;
  try {
    const answer = await ctx.stripe.client.paymentIntents.capture(payment.intentId, WITH_CHARGE, {
      idempotencyKey: `capture:${paymentId}`,
    });
    await applyIntent(ctx, await answered(ctx, answer));
  } catch (error) {
    if (!isRefusal(error) && !isDecline(error)) throw error;
    const intent = await readIntent(ctx, payment.intentId);
    await applyIntent(ctx, intent);
    if (intent.status === 'requiresCapture') await cancelIntent(ctx, payment.intentId);
  }
}
