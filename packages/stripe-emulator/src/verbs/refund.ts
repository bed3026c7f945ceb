import { unfit } from '../errors.ts';
import { shown } from '../money.ts';
import { type Charge, unrefunded } from '../objects/charge.ts';
import { isOpen } from '../objects/dispute.ts';
import { newRefund, type Refund, type RefundReason } from '../objects/refund.ts';
import type { Work } from '../work.ts';
import { moveBalance } from './balance.ts';

interface Wanted {
  amount: number | undefined;
  reason: RefundReason | undefined;
  metadata: Record<string, string>;
}

export function refund(work: Work, chargeId: string, wanted: Wanted): Refund {
  const charge = work.edit('charge', chargeId);
  requireRefundable(work, charge);
  const left = unrefunded(charge);
  if (left === 0) {
    throw unfit(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const amount = wanted.amount ?? left;
  if (amount > left) {
    const [asked, rest] = [shown(amount, charge.currency), shown(left, charge.currency)];
    throw unfit(`Refund amount (${asked}) is greater than unrefunded amount on charge (${rest})`, {
      param: 'amount',
    });
  }
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  const made = work.put('refund', newRefund(work.now, charge, amount));
  made.reason = wanted.reason ?? null;
  made.metadata = wanted.metadata;
  made.balance_transaction = moveBalance(work, {
    type: 'refund',
    category: 'refund',
    source: made.id,
    amount: -amount,
    currency: made.currency,
    description: 'REFUND FOR CHARGE',
  }).id;
  foresee(work, charge, made);
  work.emit('refund.created', made);
  work.emit('charge.refunded', charge);
  return made;
}

function requireRefundable(work: Work, charge: Charge): void {
  if (charge.status === 'failed') {
    throw unfit(`Charge ${charge.id} failed and cannot be refunded.`, { code: 'charge_not_refundable' });
  }
  if (!charge.captured) {
    throw unfit(
      `Charge ${charge.id} has not been captured. Cancel the PaymentIntent ${charge.payment_intent} to let it go.`,
      { code: 'charge_not_refundable' },
    );
  }
  const dispute = charge._.dispute === null ? undefined : work.get('dispute', charge._.dispute);
  if (dispute && (isOpen(dispute) || dispute.status === 'lost')) {
    throw unfit(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  }
}

/** Some cards of tests do not take their refunds as others do. */
function foresee(work: Work, charge: Charge, made: Refund): void {
  const fate = charge._.card?.refund;
  if (!fate) return;
  if (fate === 'pending') made.status = 'pending';
  const what = fate === 'pending' ? 'settleRefund' : 'failRefund';
  work.put('deadline', { id: `refund ${made.id}`, what, of: made.id, at: work.now });
}

export function settleRefund(work: Work, id: string): void {
  const made = work.edit('refund', id);
  if (made.status !== 'pending') return;
  made.status = 'succeeded';
  tell(work, made, { status: 'pending' });
}

/** The bank of the card sends the money back. */
export function failRefund(work: Work, id: string, reason = 'expired_or_canceled_card'): Refund {
  const made = work.edit('refund', id);
  if (made.status !== 'succeeded' && made.status !== 'pending') {
    throw unfit(`Refund ${id} has a status of ${made.status} and cannot fail any more.`);
  }
  const before = made.status;
  made.status = 'failed';
  made.failure_reason = reason;
  made.failure_balance_transaction = moveBalance(work, {
    type: 'refund_failure',
    category: 'refund_failure',
    source: made.id,
    amount: made.amount,
    currency: made.currency,
    description: 'REFUND FAILURE',
  }).id;
  const charge = work.edit('charge', made.charge);
  charge.amount_refunded -= made.amount;
  charge.refunded = false;
  work.emit('refund.failed', made);
  tell(work, made, { status: before });
  return made;
}

function tell(work: Work, made: Refund, previous: object): void {
  work.emit('refund.updated', made, previous);
  work.emit('charge.refund.updated', made, previous);
}
