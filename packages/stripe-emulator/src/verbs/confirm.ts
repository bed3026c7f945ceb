import { AUTHENTICATION_FAILED, AUTHENTICATION_REQUIRED, type Card } from '../cards.ts';
import { invalid, Refusal } from '../errors.ts';
import { type Charge, declinedOutcome, newCharge } from '../objects/charge.ts';
import {
  type PaymentError,
  type PaymentIntent,
  requireStatus,
  unexpectedState,
} from '../objects/payment-intent.ts';
import type { PaymentMethod } from '../objects/payment-method.ts';
import { render } from '../render.ts';
import type { Work } from '../work.ts';
import { takeIn } from './balance.ts';
import { attach, paymentMethodOf, requireUsable } from './payment-methods.ts';

const HOLD_SECONDS = 7 * 86_400;

export interface Confirmation {
  payment_method: string | undefined;
  off_session: boolean;
  return_url: string | undefined;
  error_on_requires_action: boolean;
}

/** Tries to charge. A refusal of the card is an answer of 402, and stays on the intent. */
export function confirm(work: Work, id: string, given: Confirmation): PaymentIntent {
  const intent = work.edit('payment_intent', id);
  requireStatus(intent, 'confirm');
  const named = given.payment_method ?? intent.payment_method;
  if (named === null) {
    throw unexpectedState(
      intent,
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
    );
  }
  requireReturnUrl(intent, given);
  const method = paymentMethodOf(work, named);
  requireUsable(method, intent.customer);
  intent.payment_method = method.id;
  intent.next_action = null;
  const { decline } = method._.card;
  if (decline) throw refuse(work, intent, method, decline);
  if (!needsAuthentication(method, given.off_session)) return charge(work, intent, method);
  if (given.off_session || given.error_on_requires_action)
    throw refuse(work, intent, method, AUTHENTICATION_REQUIRED);
  return askToAuthenticate(work, intent, given.return_url);
}

function requireReturnUrl(intent: PaymentIntent, { return_url, off_session }: Confirmation): void {
  const redirects = intent.automatic_payment_methods?.allow_redirects === 'always';
  // Cards send nobody away; the other methods that Stripe might offer do.
  if (!redirects || intent.allowed_payment_method_types || return_url !== undefined || off_session) return;
  throw invalid(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    { param: 'return_url' },
  );
}

function needsAuthentication({ _: { card, setUp }, customer }: PaymentMethod, offSession: boolean): boolean {
  if (card.authentication === 'untilSetUp') return !(offSession && setUp && customer !== null);
  return card.authentication === 'always';
}

function askToAuthenticate(work: Work, intent: PaymentIntent, returnUrl: string | undefined): PaymentIntent {
  const url = `${work.baseUrl}/pages/authenticate/${intent.id}?secret=${intent.client_secret}`;
  intent.status = 'requires_action';
  intent.next_action = returnUrl
    ? { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } }
    : {
        type: 'use_stripe_sdk',
        use_stripe_sdk: { type: 'three_d_secure_redirect', source: intent.payment_method!, stripe_js: url },
      };
  work.emit('payment_intent.requires_action', intent);
  return intent;
}

/** The holder has proved who they are, or failed to. */
export function authenticate(work: Work, id: string, succeed: boolean): PaymentIntent {
  const intent = work.edit('payment_intent', id);
  if (intent.status !== 'requires_action') {
    throw unexpectedState(
      intent,
      `This PaymentIntent has a status of ${intent.status}: nothing waits for authentication.`,
    );
  }
  intent.next_action = null;
  const method = work.get('payment_method', intent.payment_method!)!;
  if (succeed) return charge(work, intent, method);
  failIntent(work, intent, method, { ...AUTHENTICATION_FAILED }, undefined);
  return intent;
}

function charge(work: Work, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  const charged = work.put('charge', newCharge(work.now, intent, method));
  charged._.card = method._.card;
  charged.receipt_url = `${work.baseUrl}/pages/receipts/${charged.id}`;
  intent.latest_charge = charged.id;
  intent.last_payment_error = null;
  keep(work, intent, method);
  if (intent.capture_method === 'manual') hold(work, intent, charged);
  else collect(work, intent, charged, charged.amount);
  work.emit('charge.succeeded', charged);
  if (intent.status === 'succeeded') work.emit('payment_intent.succeeded', intent);
  else work.emit('payment_intent.amount_capturable_updated', intent);
  return intent;
}

/** The method is kept with the customer when more payments are to come; else it is used up. */
function keep(work: Work, intent: PaymentIntent, method: PaymentMethod): void {
  const customer = intent.customer === null ? undefined : work.get('customer', intent.customer);
  if (customer && (intent.setup_future_usage !== null || method.customer !== null)) {
    attach(work, method, customer, intent.setup_future_usage === 'off_session');
  } else work.edit('payment_method', method.id)._.spent = true;
}

function hold(work: Work, intent: PaymentIntent, charged: Charge): void {
  intent.status = 'requires_capture';
  intent.amount_capturable = charged.amount;
  work.put('deadline', {
    id: `hold ${intent.id}`,
    what: 'expireHold',
    of: intent.id,
    at: work.now + HOLD_SECONDS,
  });
}

/** The money comes in: at once, or when a hold is captured. */
export function collect(work: Work, intent: PaymentIntent, charged: Charge, amount: number): void {
  charged.captured = true;
  charged.amount_captured = amount;
  charged.amount_refunded = charged.amount - amount;
  charged.balance_transaction = takeIn(work, charged, amount).id;
  intent.status = 'succeeded';
  intent.amount_received = amount;
  intent.amount_capturable = 0;
  const dispute = charged._.card?.dispute;
  if (dispute) {
    work.put('deadline', {
      id: `dispute ${charged.id}`,
      what: 'openDispute',
      of: charged.id,
      at: work.now,
      detail: dispute,
    });
  }
}

type Decline = NonNullable<Card['decline']>;

function refuse(work: Work, intent: PaymentIntent, method: PaymentMethod, decline: Decline): Refusal {
  const failed = work.put('charge', newCharge(work.now, intent, method));
  failed.status = 'failed';
  failed.paid = false;
  failed.failure_code = decline.code;
  failed.failure_message = decline.message;
  failed.outcome = declinedOutcome(decline.decline_code);
  intent.latest_charge = failed.id;
  work.emit('charge.failed', failed);
  const error = failIntent(work, intent, method, decline, failed.id);
  return new Refusal(402, { ...error, payment_intent: render(work, intent) }, 'changes');
}

function failIntent(
  work: Work,
  intent: PaymentIntent,
  method: PaymentMethod,
  { code, decline_code, message }: Decline,
  failed: string | undefined,
): PaymentError {
  const error: PaymentError = {
    type: 'card_error',
    code,
    ...(decline_code && { decline_code }),
    message,
    ...(failed && { charge: failed }),
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
    payment_method: render(work, method),
  };
  intent.last_payment_error = error;
  intent.payment_method = null;
  intent.status = 'requires_payment_method';
  work.emit('payment_intent.payment_failed', intent);
  return error;
}
