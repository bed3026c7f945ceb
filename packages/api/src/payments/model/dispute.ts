import type { Currency } from '@sojourn/shared/money';
import type Stripe from 'stripe';
import { currencyOf, idOf, type Movement, movedAs, movementOf } from './intent.ts';
import { fromStripeAmount } from './stripe-amount.ts';

export type DisputeStatus = 'open' | 'won' | 'lost';

/** A payer asked their bank for the money back. */
export interface Dispute {
  id: string;
  paymentId: string;
  reference: string;
  stripeDisputeId: string;
  currency: Currency;
  /** In minor units. */
  amount: number;
  status: DisputeStatus;
  reason: string;
  evidenceDueAt: Date | null;
  openedAt: Date;
  closedAt: Date | null;
}

/** How a dispute stands at Stripe, in our words. */
export interface DisputeAtStripe
  extends Pick<
    Dispute,
    'stripeDisputeId' | 'currency' | 'amount' | 'status' | 'reason' | 'evidenceDueAt' | 'openedAt'
  > {
  intentId: string | null;
  chargeId: string | null;
  movements: Movement[];
}

/** A question of a bank that was never a dispute ends as one that was won: nothing is taken by it. */
const CLOSED: Readonly<Record<string, DisputeStatus>> = {
  won: 'won',
  warning_closed: 'won',
  prevented: 'won',
  lost: 'lost',
};

const instantOf = (seconds: number) => new Date(seconds * 1_000);

export function disputeOf(read: Stripe.Dispute): DisputeAtStripe {
  const currency = currencyOf(read.currency);
  const amount = fromStripeAmount(read.amount, currency);
  const dueBy = read.evidence_details.due_by;
  return {
    stripeDisputeId: read.id,
    intentId: idOf(read.payment_intent),
    chargeId: idOf(read.charge),
    currency,
    amount,
    status: CLOSED[read.status] ?? 'open',
    reason: read.reason,
    evidenceDueAt: dueBy ? instantOf(dueBy) : null,
    openedAt: instantOf(read.created),
    movements: read.balance_transactions.map((moved) => movedAs(movementOf(moved), { amount, currency })),
  };
}

/** What is decided stays decided. */
export const disputeStatusAfter = (status: DisputeStatus, told: DisputeStatus): DisputeStatus =>
  status === 'open' ? told : status;
