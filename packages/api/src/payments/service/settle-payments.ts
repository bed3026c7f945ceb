import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { about, newsOf, paymentCaptured, paymentRefunded, paymentVoided } from '../events.ts';
import { refundsFrom } from '../model/payment.ts';
import { addRefunds, cancelPayments, captureReserved, lockPayments } from '../repository/payments.ts';

/** Takes what is reserved for a thing. */
export async function capturePayment(ctx: Context, tx: Tx, reference: string): Promise<void> {
  const captured = await captureReserved(tx, reference, ctx.clock.now());
  await emitAll(ctx, tx, paymentCaptured, captured.map(newsOf));
}

/** Gives up whatever was not taken yet for these things, so that nothing is charged by it any more. */
export async function voidPayments(ctx: Context, tx: Tx, references: readonly string[]): Promise<void> {
  const cancelled = await cancelPayments(tx, references, ctx.clock.now());
  await emitAll(ctx, tx, paymentVoided, cancelled.map(newsOf));
}

/**
 * Gives back an amount, in minor units, of what was taken for a thing.
 *
 * @throws when more is to be given back than is left: that is a fault of the caller, and nothing is given back
 */
export async function refundPayment(
  ctx: Context,
  tx: Tx,
  { reference, amount }: { reference: string; amount: number },
): Promise<void> {
  if (amount === 0) return;
  const shares = refundsFrom(await lockPayments(tx, [reference]), amount);
  if (shares.reduce((sum, share) => sum + share.amount, 0) < amount)
    throw new RangeError(`${amount} cannot be given back of the payments for ${reference}.`);
  const refunds = new Map(shares.map((share) => [share.payment.id, share.amount]));
  const refunded = await addRefunds(
    tx,
    shares.map((share) => ({ id: share.payment.id, amount: share.amount })),
    ctx.clock.now(),
  );
  await emitAll(
    ctx,
    tx,
    paymentRefunded,
    refunded.map((payment) => ({
      ...newsOf(payment),
      data: { ...about(payment), refund: refunds.get(payment.id)! },
    })),
  );
}
