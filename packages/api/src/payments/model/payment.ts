import type { Currency, Money } from '@sojourn/shared/money';

/** `automatic` takes the money as soon as the payer agrees; `manual` reserves it until somebody captures or voids it. */
export type Capture = 'automatic' | 'manual';
/**
 * `requiresPaymentMethod` waits for somebody to pay; `requiresAction` for the payer to prove who they are; `processing`
 * for Stripe to say what came of it; `requiresCapture` holds the money without taking it.
 */
export const PAYMENT_STATUSES = [
  'requiresPaymentMethod',
  'requiresAction',
  'processing',
  'requiresCapture',
  'succeeded',
  'cancelled',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** The states in which an attempt to pay can be made. */
export const OPEN: readonly PaymentStatus[] = ['requiresPaymentMethod', 'requiresAction'];

/** What somebody pays for one thing. Amounts are minor units of one currency. */
export interface Payment {
  id: string;
  /** What it is for. */
  reference: string;
  payerId: string;
  capture: Capture;
  status: PaymentStatus;
  currency: Currency;
  amount: number;
  captured: number;
  /** Given back, or ordered to be. */
  refunded: number;
  /** Why the last attempt came to nothing, for programs. */
  failure: string | null;
  /** At Stripe: the intent with which it is paid, the charge that came of it, and the page on which it can be paid. */
  intentId: string | null;
  chargeId: string | null;
  checkoutSessionId: string | null;
  /** What it was paid with, for what is charged later. */
  paymentMethod: string | null;
  captureRequestedAt: Date | null;
}

/** A payment as it is asked for. */
export interface WantedPayment {
  reference: string;
  payerId: string;
  amount: Money;
  capture: Capture;
}

/** All payments for one thing as one: the first and what was charged later for changes of it. */
export interface PaymentSummary {
  /** Of the payment that says how it stands. */
  id: string;
  status: PaymentStatus;
  currency: Currency;
  amount: number;
  captured: number;
  refunded: number;
  /** Why the last attempt came to nothing, for programs. */
  failure: string | null;
  /** With which a browser pays; null where it cannot. */
  clientSecret: string | null;
}

const sumOf = (payments: readonly Payment[], member: 'amount' | 'captured' | 'refunded') =>
  payments.reduce((sum, payment) => sum + payment[member], 0);

/**
 * How the payments for one thing stand together: the newest that is not cancelled speaks for all.
 *
 * @param payments oldest first, at least one
 */
export function summaryOf(payments: readonly Payment[]): PaymentSummary {
  const alive = payments.filter(({ status }) => status !== 'cancelled');
  const counted = alive.length > 0 ? alive : payments.slice(-1);
  const { id, status, currency, failure } = counted.at(-1)!;
  return {
    id,
    status,
    currency,
    amount: sumOf(counted, 'amount'),
    captured: sumOf(counted, 'captured'),
    refunded: sumOf(counted, 'refunded'),
    failure,
    clientSecret: null,
  };
}

/**
 * How a sum is given back from several payments: from the newest first, from none more than is left of it.
 *
 * @param payments oldest first
 * @returns fewer than `amount` in all only when there is not as much left
 */
export function refundsFrom(
  payments: readonly Payment[],
  amount: number,
): { payment: Payment; amount: number }[] {
  let rest = amount;
  return payments
    .toReversed()
    .map((payment) => {
      const share = Math.min(rest, Math.max(0, payment.captured - payment.refunded));
      rest -= share;
      return { payment, amount: share };
    })
    .filter((refund) => refund.amount > 0);
}

/** What came of an attempt to pay. `unknown` means that Stripe did not answer: a job finds out. */
export type Attempted =
  | { outcome: 'succeeded' | 'authorised' | 'unknown' }
  | { outcome: 'declined'; reason: string }
  | { outcome: 'requiresAction'; url: string | null };

export const ATTEMPT_STATUSES = ['pending', 'succeeded', 'declined', 'requiresAction'] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** One try to pay. */
export interface PaymentAttempt {
  id: string;
  paymentId: string;
  paymentMethod: string;
  /** The payer is not there to prove who they are. */
  offSession: boolean;
  status: AttemptStatus;
  failure: string | null;
  createdAt: Date;
}
