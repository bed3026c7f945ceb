import type { Card } from '../cards.ts';
import { newId } from '../ids.ts';
import { noBillingDetails } from './billing.ts';
import type { PaymentIntent } from './payment-intent.ts';
import type { PaymentMethod } from './payment-method.ts';

export type Charge = ReturnType<typeof newCharge>;

/** Everything that a charge of an intent, and a payment that arrives at a connected account, have in common. */
function newMovement(id: string, created: number, amount: number, currency: string) {
  return {
    id,
    object: 'charge' as const,
    amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null as string | null,
    billing_details: noBillingDetails(),
    calculated_statement_descriptor: 'SOJOURN',
    captured: false,
    created,
    currency,
    customer: null as string | null,
    description: null as string | null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null as string | null,
    failure_message: null as string | null,
    fraud_details: {},
    livemode: false,
    metadata: {} as Record<string, string>,
    on_behalf_of: null,
    outcome: null as Outcome | null,
    paid: true,
    payment_intent: null as string | null,
    payment_method: null as string | null,
    payment_method_details: null as object | null,
    radar_options: {},
    receipt_email: null as string | null,
    receipt_number: null,
    receipt_url: null as string | null,
    refunded: false,
    review: null,
    shipping: null,
    source: null as object | null,
    source_transfer: null as string | null,
    statement_descriptor: null as string | null,
    statement_descriptor_suffix: null as string | null,
    status: 'succeeded' as 'succeeded' | 'failed',
    transfer_data: null,
    transfer_group: null as string | null,
    _: {
      /** The card that was charged, by what it does. */
      card: null as Card | null,
      /** What was sent on to connected accounts with this charge as the source. */
      transferred: 0,
      dispute: null as string | null,
      /** The connected account that it belongs to; null for the platform's own. */
      account: null as string | null,
    },
  };
}

interface Outcome {
  advice_code: string | null;
  network_advice_code: string | null;
  network_decline_code: string | null;
  network_status: string;
  reason: string | null;
  risk_level: string;
  seller_message: string;
  type: string;
}

export function newCharge(created: number, intent: PaymentIntent, method: PaymentMethod) {
  const { brand, last4, funding } = method.card;
  return {
    ...newMovement(newId('ch'), created, intent.amount, intent.currency),
    billing_details: method.billing_details,
    customer: intent.customer,
    description: intent.description,
    metadata: { ...intent.metadata },
    outcome: outcome('approved_by_network', null, 'Payment complete.', 'authorized'),
    payment_intent: intent.id,
    payment_method: method.id as string | null,
    payment_method_details: { type: 'card', card: cardDetails(brand, last4, funding, intent) } as
      | object
      | null,
    receipt_email: intent.receipt_email,
    transfer_group: intent.transfer_group,
  };
}

export const declinedOutcome = (reason: string): Outcome =>
  outcome(
    'declined_by_network',
    reason,
    'The bank did not return any further details with this decline.',
    'issuer_declined',
  );

const outcome = (
  network_status: string,
  reason: string | null,
  seller_message: string,
  type: string,
): Outcome => ({
  advice_code: reason === null ? null : 'try_again_later',
  network_advice_code: null,
  network_decline_code: null,
  network_status,
  reason,
  risk_level: 'normal',
  seller_message,
  type,
});

const cardDetails = (brand: string, last4: string, funding: string, intent: PaymentIntent) => ({
  amount_authorized: intent.amount,
  authorization_code: null,
  brand,
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
  country: 'US',
  exp_month: 12,
  exp_year: 2034,
  extended_authorization: { status: 'disabled' },
  fingerprint: `fp${brand}${last4}`,
  funding,
  incremental_authorization: { status: 'unavailable' },
  installments: null,
  last4,
  mandate: null,
  multicapture: { status: 'unavailable' },
  network: brand,
  network_token: { used: false },
  network_transaction_id: null,
  overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
  regulated_status: 'unregulated',
  three_d_secure: null,
  transaction_link_id: null,
  wallet: null,
});

/** What a transfer becomes at the account that it goes to. */
export function newDestinationPayment(
  created: number,
  transfer: { id: string; amount: number; currency: string },
  account: string,
): Charge {
  const payment = newMovement(newId('py'), created, transfer.amount, transfer.currency);
  return {
    ...payment,
    amount_captured: transfer.amount,
    captured: true,
    source_transfer: transfer.id,
    source: { id: account, object: 'account' },
    _: { ...payment._, account },
  } as Charge;
}

/** What can still be given back. */
export const unrefunded = (charge: Charge): number => charge.amount - charge.amount_refunded;
