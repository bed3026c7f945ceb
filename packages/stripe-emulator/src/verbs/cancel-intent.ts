import { type PaymentIntent, requireStatus } from '../objects/payment-intent.ts';
import type { Work } from '../work.ts';

/** Ends an intent; a hold on a card is let go. */
export function cancelIntent(work: Work, id: string, reason: string | null): PaymentIntent {
  const intent = work.edit('payment_intent', id);
  requireStatus(intent, 'cancel');
  if (intent.status === 'requires_capture' && intent.latest_charge) {
    const charge = work.edit('charge', intent.latest_charge);
    charge.amount_refunded = charge.amount;
    charge.refunded = true;
    work.emit('charge.refunded', charge);
  }
  work.remove('deadline', `hold ${id}`);
  intent.status = 'canceled';
  intent.canceled_at = work.now;
  intent.cancellation_reason = reason;
  intent.amount_capturable = 0;
  intent.next_action = null;
  work.emit('payment_intent.canceled', intent);
  return intent;
}
