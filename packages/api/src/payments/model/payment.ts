import type { Currency, Money } from '@sojourn/shared/money';

/** `automatic` takes the money as soon as the payer agrees; `manual` reserves it until somebody captures or voids it. */
export type Capture = 'automatic' | 'manual';
export const PAYMENT_STATUSES = [
  'requiresPaymentMethod',
  'requiresCapture',
  'succeeded',
  'cancelled',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

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
  refunded: number;
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
  const { id, status, currency } = counted.at(-1)!;
  return {
    id,
    status,
    currency,
    amount: sumOf(counted, 'amount'),
    captured: sumOf(counted, 'captured'),
    refunded: sumOf(counted, 'refunded'),
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
      const share = Math.min(rest, payment.captured - payment.refunded);
      rest -= share;
      return { payment, amount: share };
    })
    .filter((refund) => refund.amount > 0);
}

/** What came of an attempt to pay. */
export type Attempted = { succeeded: true } | { succeeded: false; reason: string };

const GOOD_METHODS = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex'];
const DECLINED_METHOD = /^pm_card_(?:visa_)?chargeDeclined/;

/** What the sandbox makes of a payment method: by the names of Stripe's test cards. Undefined when it knows none. */
export function sandboxAttempt(paymentMethod: string): Attempted | undefined {
  if (GOOD_METHODS.includes(paymentMethod)) return { succeeded: true };
  if (DECLINED_METHOD.test(paymentMethod)) return { succeeded: false, reason: 'card_declined' };
  return undefined;
}
