import type { Context, Tx } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { newsOf, paymentCaptured } from '../events.ts';
import { type Payment, type PaymentSummary, summaryOf, type WantedPayment } from '../model/payment.ts';
import { insertPayment } from '../repository/payments.ts';

/** Asks somebody to pay for a thing. Nothing is charged by it; what costs nothing is paid by it. */
export const openPayment = async (ctx: Context, tx: Tx, wanted: WantedPayment): Promise<PaymentSummary> =>
  summaryOf([await insertOpenPayment(ctx, tx, wanted)]);

export async function insertOpenPayment(ctx: Context, tx: Tx, wanted: WantedPayment): Promise<Payment> {
  const now = ctx.clock.now();
  const { amount, currency } = wanted.amount;
  const payment: Payment = {
    id: newUuid(now),
    reference: wanted.reference,
    payerId: wanted.payerId,
    capture: wanted.capture,
    status: amount === 0 ? 'succeeded' : 'requiresPaymentMethod',
    currency,
    amount,
    captured: 0,
    refunded: 0,
    failure: null,
    intentId: null,
    chargeId: null,
    checkoutSessionId: null,
    paymentMethod: null,
    captureRequestedAt: null,
  };
  await insertPayment(tx, payment, now);
  if (amount === 0) await emit(ctx, tx, paymentCaptured, newsOf(payment));
  return payment;
}
