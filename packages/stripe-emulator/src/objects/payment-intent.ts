import { type Refusal, unfit } from '../errors.ts';
import { newId, randomText } from '../ids.ts';

export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'requires_capture'
  | 'processing'
  | 'canceled'
  | 'succeeded';

export interface PaymentError {
  type: 'card_error';
  code: string;
  decline_code?: string;
  message: string;
  charge?: string;
  doc_url: string;
  payment_method?: object;
}

interface NextAction {
  type: 'redirect_to_url' | 'use_stripe_sdk';
  redirect_to_url?: { return_url: string | null; url: string };
  use_stripe_sdk?: { type: string; source: string; stripe_js: string };
}

export type PaymentIntent = ReturnType<typeof newPaymentIntent>;

export function newPaymentIntent(created: number, amount: number, currency: string) {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent' as const,
    allowed_payment_method_types: null as string[] | null,
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null as { enabled: boolean; allow_redirects: 'always' | 'never' } | null,
    canceled_at: null as number | null,
    cancellation_reason: null as string | null,
    capture_method: 'automatic' as 'automatic' | 'automatic_async' | 'manual',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic' as 'automatic' | 'manual',
    created,
    currency,
    customer: null as string | null,
    customer_account: null,
    description: null as string | null,
    excluded_payment_method_types: null,
    last_payment_error: null as PaymentError | null,
    latest_charge: null as string | null,
    livemode: false,
    managed_payments: null,
    metadata: {} as Record<string, string>,
    next_action: null as NextAction | null,
    on_behalf_of: null,
    payment_method: null as string | null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null as string | null,
    review: null,
    setup_future_usage: null as 'off_session' | 'on_session' | null,
    shipping: null,
    source: null,
    statement_descriptor: null as string | null,
    statement_descriptor_suffix: null as string | null,
    status: 'requires_payment_method' as IntentStatus,
    transfer_data: null,
    transfer_group: null as string | null,
  };
}

type Verb = 'confirm' | 'capture' | 'cancel' | 'update';

const FROM: Record<Verb, IntentStatus[]> = {
  confirm: ['requires_payment_method', 'requires_confirmation', 'requires_action'],
  update: ['requires_payment_method', 'requires_confirmation', 'requires_action'],
  capture: ['requires_capture'],
  cancel: [
    'requires_payment_method',
    'requires_capture',
    'requires_confirmation',
    'requires_action',
    'processing',
  ],
};
const PAST: Record<Verb, string> = {
  confirm: 'confirmed',
  update: 'updated',
  capture: 'captured',
  cancel: 'canceled',
};

/** Refuses what cannot be done in the state that the intent is in. */
export function requireStatus(intent: PaymentIntent, verb: Verb): void {
  if (!FROM[verb].includes(intent.status)) throw unexpectedState(intent, messageOf(intent, verb));
}

function messageOf({ status }: PaymentIntent, verb: Verb): string {
  if (verb === 'confirm' && status === 'succeeded') {
    return 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.';
  }
  const only = `Only a PaymentIntent with one of the following statuses may be ${PAST[verb]}: ${FROM[verb].join(', ')}.`;
  if (verb === 'capture') {
    return `This PaymentIntent could not be captured because it has a status of ${status}. ${only}`;
  }
  return `You cannot ${verb} this PaymentIntent because it has a status of ${status}. ${only}`;
}

export const unexpectedState = (intent: PaymentIntent, message: string): Refusal =>
  unfit(message, { code: 'payment_intent_unexpected_state', payment_intent: intent });
