import Stripe from 'stripe';
import type { Context } from '../context.ts';

// What a call of Stripe failed with, and what follows from it.

const {
  StripeAuthenticationError,
  StripeCardError,
  StripeError,
  StripeInvalidRequestError,
  StripePermissionError,
} = Stripe.errors;

/** Codes of refusals that say "not now". */
const PASSING = ['lock_timeout', 'idempotency_key_in_use', 'balance_insufficient', 'rate_limit'];

/** Whether Stripe does not know what it was asked for, such as an object of another account. */
export const isUnknownAtStripe = (error: unknown): boolean =>
  error instanceof StripeInvalidRequestError && error.code === 'resource_missing';

/** Whether it would be refused again: the request itself cannot be done. */
export const isRefusal = (error: unknown): error is Stripe.errors.StripeInvalidRequestError =>
  error instanceof StripeInvalidRequestError && !PASSING.includes(error.code ?? '');

/** Whether a bank declined. */
export const isDecline = (error: unknown): error is Stripe.errors.StripeCardError =>
  error instanceof StripeCardError;

/** Whether it is a failure of Stripe at all. Of what is no refusal nor decline it is not known what came of the call. */
export const isStripeFailure = (error: unknown): error is Stripe.errors.StripeError =>
  error instanceof StripeError;

/**
 * A failure of Stripe as it may be logged and kept: only what names it, because what Stripe answers can hold secrets and
 * the data of cards. Anything else is as it was.
 */
export function withoutSecrets(ctx: Context, error: unknown): unknown {
  if (!(error instanceof StripeError)) return error;
  const { type, code, requestId, statusCode } = error;
  if (error instanceof StripeAuthenticationError || error instanceof StripePermissionError)
    ctx.log.error(
      { type, code, stripeRequest: requestId },
      'Stripe does not let this server in: STRIPE_SECRET_KEY is wrong, or may too little',
    );
  return new Error(`Stripe: ${[type, code, statusCode, requestId].filter(Boolean).join(', ')}.`);
}

/** Lets work call Stripe: what it fails with is thrown without secrets. */
export async function callingStripe<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withoutSecrets(ctx, error);
  }
}
