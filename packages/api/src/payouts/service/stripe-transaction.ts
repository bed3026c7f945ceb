import type { Currency } from '@sojourn/shared/money';
import type Stripe from 'stripe';
import type { Entry } from '../../ledger/model/entry.ts';
import { toStripeAmount } from '../../payments/model/stripe-amount.ts';

const dateOf = (seconds: number) => new Date(seconds * 1_000);

/** The balance transaction that an entry of the ledger mirrors, and when it was made. */
export function mirrorOf({
  balance_transaction: made,
  created,
}: Pick<Stripe.Transfer, 'balance_transaction' | 'created'>): Pick<
  Entry,
  'stripeTransaction' | 'occurredAt'
> {
  return made === null || typeof made === 'string'
    ? { stripeTransaction: made, occurredAt: dateOf(created) }
    : { stripeTransaction: made.id, occurredAt: dateOf(made.created) };
}

/** A sum as Stripe takes it. Whoever moves one has made sure that it can be moved. */
export function stripeMoney(amount: number, currency: Currency): { amount: number; currency: string } {
  const counted = toStripeAmount(amount, currency);
  if (counted === undefined) throw new RangeError(`${amount} ${currency} cannot be moved.`);
  return { amount: counted, currency: currency.toLowerCase() };
}
