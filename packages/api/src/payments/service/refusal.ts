import { ProblemError } from '../../platform/problem.ts';
import { isRefusal } from '../../platform/stripe/failures.ts';
import { paymentNotPossible, unknownPaymentMethod } from '../problems.ts';

/** Something that Stripe will never do: what the payer is told, and a reason for programs. */
export interface Refusal {
  problem: ProblemError;
  reason: string;
}

const AMOUNTS: Readonly<Record<string, string>> = {
  amount_too_small: 'The total is less than what cards can be charged in this currency.',
  amount_too_large: 'The total is more than what cards can be charged in this currency.',
};

/** What a refusal of Stripe to take a payment means; undefined for whatever else fails. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof ProblemError) return { problem: error, reason: error.definition.code };
  if (!isRefusal(error)) return undefined;
  if (error.param === 'payment_method')
    return { problem: unknownMethod(), reason: unknownPaymentMethod.code };
  const detail = AMOUNTS[error.code ?? ''] ?? 'Stripe does not take this payment.';
  return { problem: paymentNotPossible({ detail }), reason: error.code ?? paymentNotPossible.code };
}

const unknownMethod = () =>
  unknownPaymentMethod({
    errors: [
      {
        pointer: '/paymentMethod',
        code: 'unknown_payment_method',
        message: 'must be a payment method of yours, such as "pm_card_visa" in the sandbox',
      },
    ],
  });
