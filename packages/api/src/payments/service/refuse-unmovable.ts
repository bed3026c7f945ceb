import type { Payment } from '../model/payment.ts';
import { toStripeAmount } from '../model/stripe-amount.ts';
import { paymentNotPossible } from '../problems.ts';

/**
 * The sum of a payment as Stripe counts it.
 *
 * @throws payment_not_possible rather than charging another sum
 */
export function refuseUnmovable({ amount, currency }: Pick<Payment, 'amount' | 'currency'>): number {
  const counted = toStripeAmount(amount, currency);
  if (counted === undefined)
    throw paymentNotPossible({
      detail: `Cards are charged in ${currency} in steps of 0.01: the last digit of ${amount} minor units must be 0.`,
    });
  return counted;
}
