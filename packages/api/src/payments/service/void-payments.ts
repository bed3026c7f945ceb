import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { enqueueAll } from '../../platform/jobs/enqueue.ts';
import { newsOf, paymentVoided } from '../events.ts';
import { cancelIntent, expireCheckout } from '../jobs.ts';
import { cancelPayments } from '../repository/payments.ts';

/**
 * Gives up whatever was not taken yet for these things, nor asked for, so that nothing is charged by it any more. What
 * Stripe took all the same, a moment before it heard of it, becomes a payment that succeeded, and an event tells it.
 */
export async function voidPayments(ctx: Context, tx: Tx, references: readonly string[]): Promise<void> {
  const cancelled = await cancelPayments(tx, references, ctx.clock.now());
  await emitAll(ctx, tx, paymentVoided, cancelled.map(newsOf));
  await enqueueAll(
    ctx,
    tx,
    cancelIntent,
    cancelled.flatMap(({ intentId }) =>
      intentId === null ? [] : [{ payload: { intentId }, key: intentId }],
    ),
  );
  await enqueueAll(
    ctx,
    tx,
    expireCheckout,
    cancelled.flatMap(({ checkoutSessionId: sessionId }) =>
      sessionId === null ? [] : [{ payload: { sessionId }, key: sessionId }],
    ),
  );
}
