import type { Context, Tx } from '../../platform/context.ts';
import { newUuid } from '../../platform/id.ts';
import { type Payment, type PaymentSummary, summaryOf, type WantedPayment } from '../model/payment.ts';
import { insertPayment } from '../repository/payments.ts';

/** Asks somebody to pay for a thing. Nothing is charged by it. */
export async function openPayment(ctx: Context, tx: Tx, wanted: WantedPayment): Promise<PaymentSummary> {
  const now = ctx.clock.now();
  const payment: Payment = {
    id: newUuid(now),
    reference: wanted.reference,
    payerId: wanted.payerId,
    capture: wanted.capture,
    status: 'requiresPaymentMethod',
    currency: wanted.amount.currency,
    amount: wanted.amount.amount,
    captured: 0,
    refunded: 0,
  };
  await insertPayment(tx, payment, now);
  return summaryOf([payment]);
}
