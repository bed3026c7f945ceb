import type Stripe from 'stripe';
import { uuidOf } from '../../platform/id.ts';
import { currencyOf, expandedMovement, idOf, type Movement } from './intent.ts';
import type { RefundStatus } from './refund.ts';
import { fromStripeAmount } from './stripe-amount.ts';

/** How a refund stands at Stripe, in our words. Amounts are minor units. */
export interface RefundAtStripe {
  stripeRefundId: string;
  /** The refund that it was ordered by; null of one that was not ordered here. */
  refundId: string | null;
  intentId: string | null;
  chargeId: string | null;
  amount: number;
  status: RefundStatus;
  failure: string | null;
  /** What left the balance; null while nothing did. */
  movement: Movement | null;
  /** What came back of it. */
  failureMovement: Movement | null;
}

const STATUSES: Readonly<Record<string, RefundStatus>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
};

/** A refund, read with its balance transactions. */
export function refundOf(read: Stripe.Refund): RefundAtStripe {
  const status = STATUSES[read.status ?? ''] ?? 'pending';
  const currency = currencyOf(read.currency);
  const money = { amount: fromStripeAmount(read.amount, currency), currency };
  return {
    stripeRefundId: read.id,
    refundId: uuidOf('rfd', read.metadata?.refund ?? '') ?? null,
    intentId: idOf(read.payment_intent),
    chargeId: idOf(read.charge),
    amount: money.amount,
    status,
    failure: status === 'failed' ? (read.failure_reason ?? read.status) : null,
    movement: expandedMovement(read.balance_transaction, money),
    failureMovement: expandedMovement(read.failure_balance_transaction, money),
  };
}
