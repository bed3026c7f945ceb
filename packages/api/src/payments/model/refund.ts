import type { Currency } from '@sojourn/shared/money';

/**
 * `blocked` waits until a dispute is decided; `failed` came back from the payer's bank, or Stripe refused it; `cancelled`
 * is no longer wanted, such as when a bank gave the money back already.
 */
export const REFUND_STATUSES = ['pending', 'blocked', 'succeeded', 'failed', 'cancelled'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** What is given back of one payment, in minor units. */
export interface PaymentRefund {
  id: string;
  paymentId: string;
  reference: string;
  currency: Currency;
  amount: number;
  status: RefundStatus;
  stripeRefundId: string | null;
  failure: string | null;
  /** How often Stripe refused it so far. */
  refusals: number;
  createdAt: Date;
}

const PROGRESS: Readonly<Record<RefundStatus, number>> = {
  blocked: 0,
  pending: 0,
  succeeded: 1,
  failed: 2,
  cancelled: 2,
};

/** What a refund becomes by what Stripe says of it: nothing that is past. One that arrived may still come back. */
export const refundStatusAfter = (status: RefundStatus, told: RefundStatus): RefundStatus =>
  PROGRESS[told] >= PROGRESS[status] && PROGRESS[status] < 2 ? told : status;

/** Whether the payer has, or will have, nothing of it. */
export const isVain = (status: RefundStatus): boolean => status === 'failed' || status === 'cancelled';

/** What was given back, and what was taken back by banks, of the payments for one thing. */
export interface MoneyGone {
  /** By refunds that are under way, wait for a dispute, or arrived. */
  refunded: number;
  /** By refunds that came back: nobody orders them again by himself. */
  failed: number;
  /** By disputes that were lost. */
  lost: number;
  openDispute: boolean;
}
