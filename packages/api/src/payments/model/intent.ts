import { type Currency, isCurrency, type Money } from '@sojourn/shared/money';
import type Stripe from 'stripe';
import { uuidOf } from '../../platform/id.ts';
import type { Payment, PaymentStatus } from './payment.ts';
import { fromStripeAmount } from './stripe-amount.ts';

/** What a balance transaction of Stripe moved, in minor units of its currency. */
export interface Movement {
  id: string;
  currency: Currency;
  /** Into the balance; less than zero is out of it. */
  amount: number;
  /** What Stripe took for it; less than zero came back. */
  fee: number;
  feeCurrency: Currency;
  at: Date;
}

/** How an intent to pay stands at Stripe, in our words. Amounts are minor units. */
export interface Intent {
  id: string;
  /** The payment that it was made for; null of one that is not ours. */
  paymentId: string | null;
  status: PaymentStatus;
  received: number;
  chargeId: string | null;
  paymentMethod: string | null;
  /** Why the last attempt was declined. */
  failure: string | null;
  /** Where the payer proves who they are. */
  actionUrl: string | null;
  clientSecret: string | null;
  /** What the charge moved; null until the money was taken. */
  movement: Movement | null;
}

const STATUSES: Readonly<Record<string, PaymentStatus>> = {
  requires_payment_method: 'requiresPaymentMethod',
  requires_confirmation: 'requiresPaymentMethod',
  requires_action: 'requiresAction',
  processing: 'processing',
  requires_capture: 'requiresCapture',
  succeeded: 'succeeded',
  canceled: 'cancelled',
};

export const idOf = (expandable: string | { id: string } | null | undefined): string | null =>
  typeof expandable === 'string' ? expandable : (expandable?.id ?? null);

const instantOf = (seconds: number): Date => new Date(seconds * 1_000);

/** Something was charged in a currency in which nothing is charged here: it is of others who use the account. */
export class ForeignCurrency extends Error {}

/** A currency as Stripe writes it. */
export function currencyOf(code: string): Currency {
  const currency = code.toUpperCase();
  if (!isCurrency(currency)) throw new ForeignCurrency(`${currency} is no currency here.`);
  return currency;
}

export function movementOf(transaction: Stripe.BalanceTransaction): Movement {
  const currency = transaction.currency.toUpperCase();
  if (!isCurrency(currency)) throw new Error(`Stripe moved money in ${currency}, which is no currency here.`);
  return {
    id: transaction.id,
    currency,
    amount: fromStripeAmount(transaction.amount, currency),
    fee: fromStripeAmount(transaction.fee, currency),
    feeCurrency: currency,
    at: instantOf(transaction.created),
  };
}

/**
 * A movement in the currency that was paid in. Stripe converts what an account has no balance for; what guests paid and
 * get back is what they agreed to all the same, and the reconciliation names the difference.
 */
export const movedAs = (movement: Movement, { amount, currency }: Money): Movement =>
  movement.currency === currency
    ? movement
    : { ...movement, currency, amount: Math.sign(movement.amount) * amount };

/** A balance transaction that was asked for in full, as so much was moved; null while there is none. */
export const expandedMovement = (
  transaction: string | Stripe.BalanceTransaction | null | undefined,
  money: Money,
): Movement | null =>
  typeof transaction === 'object' && transaction ? movedAs(movementOf(transaction), money) : null;

/** An intent, read with its latest charge and the balance transaction of that. */
export function intentOf(read: Stripe.PaymentIntent): Intent {
  const charge = typeof read.latest_charge === 'object' ? read.latest_charge : null;
  const currency = currencyOf(read.currency);
  const received = fromStripeAmount(read.amount_received, currency);
  const money = { amount: received, currency };
  const movement = read.status === 'succeeded' ? expandedMovement(charge?.balance_transaction, money) : null;
  const told = STATUSES[read.status] ?? 'processing';
  const error = read.last_payment_error;
  return {
    id: read.id,
    paymentId: uuidOf('pay', read.metadata?.payment ?? '') ?? null,
    // Money that Stripe has not put into the balance yet cannot be given on: it is not quite there.
    status: told === 'succeeded' && !movement ? 'processing' : told,
    received,
    chargeId: idOf(read.latest_charge),
    paymentMethod: idOf(read.payment_method),
    failure: error?.decline_code ?? error?.code ?? null,
    actionUrl: read.next_action?.redirect_to_url?.url ?? null,
    clientSecret: read.client_secret,
    movement,
  };
}

type Standing = Pick<Payment, 'status' | 'intentId' | 'captureRequestedAt'>;

/**
 * What becomes of a payment by what Stripe says of an intent that was made for it. News comes late, twice and in any
 * order: what is past changes nothing, and money that was taken counts whatever else was thought of the payment.
 *
 * @param underWay whether an attempt of ours is under way, which tells by itself that it was declined
 */
export function statusAfter(payment: Standing, intent: Intent, underWay: boolean): PaymentStatus {
  const { status } = payment;
  if (status === 'succeeded' || intent.status === 'succeeded') return 'succeeded';
  if (status === 'cancelled') return 'cancelled';
  if (intent.status === 'requiresCapture') return payment.captureRequestedAt ? status : 'requiresCapture';
  if (intent.id !== payment.intentId) return status;
  if (intent.status === 'cancelled') return 'cancelled';
  if (status === 'requiresCapture' || payment.captureRequestedAt) return status;
  if (underWay && intent.status === 'requiresPaymentMethod') return status;
  return intent.status;
}

/** Whether an intent still holds money, or could. */
export const isAlive = ({ status }: Intent): boolean =>
  status === 'requiresPaymentMethod' || status === 'requiresAction' || status === 'requiresCapture';

/** Whether an intent has or holds money for a payment that has or holds it already by another one. */
export const isSurplus = ({ status, intentId, captureRequestedAt }: Standing, intent: Intent): boolean =>
  intentId !== null &&
  intentId !== intent.id &&
  (status === 'succeeded' ||
    status === 'requiresCapture' ||
    (status === 'processing' && captureRequestedAt !== null)) &&
  (intent.status === 'succeeded' || intent.status === 'requiresCapture');
