import { invalid, missingParam } from '../errors.ts';
import { page, pagingByTime } from '../lists.ts';
import { checkAmount, currencyOf } from '../money.ts';
import {
  newPaymentIntent,
  type PaymentIntent,
  requireStatus,
  unexpectedState,
} from '../objects/payment-intent.ts';
import {
  bool,
  email,
  type Field,
  ignored,
  integer,
  list,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  required,
  text,
  unsettable,
  url,
  type Values,
} from '../params.ts';
import { found, route } from '../route.ts';
import { cancelIntent } from '../verbs/cancel-intent.ts';
import { collect, confirm } from '../verbs/confirm.ts';
import { paymentMethodOf, requireUsable } from '../verbs/payment-methods.ts';
import type { Work } from '../work.ts';

const details = {
  allowed_payment_method_types: list(oneOf('card')),
  customer: text(),
  description: unsettable(text()),
  metadata: metadata(),
  payment_method: text(),
  payment_method_options: ignored(),
  receipt_email: unsettable(email()),
  setup_future_usage: unsettable(oneOf('off_session', 'on_session')),
  shipping: ignored(),
  statement_descriptor: text(22),
  statement_descriptor_suffix: text(22),
  transfer_group: text(),
};
/** `off_session` may also be a word of old API versions; any means that nobody is there. */
const offSession: Field<boolean | undefined> = {
  read: (value, name) => (value === 'one_off' || value === 'recurring' ? true : bool().read(value, name)),
};
const confirming = {
  off_session: offSession,
  return_url: url(),
  error_on_requires_action: bool(),
  mandate_data: ignored(),
  use_stripe_sdk: ignored(),
};

const creation = {
  ...details,
  ...confirming,
  amount: required(integer(1)),
  currency: required(text()),
  automatic_payment_methods: object({ enabled: required(bool()), allow_redirects: oneOf('always', 'never') }),
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  confirm: bool(),
  confirmation_method: oneOf('automatic', 'manual'),
};

function create(work: Work, given: Values<typeof creation>): object {
  const currency = currencyOf(given.currency);
  checkAmount(given.amount, currency);
  if (!given.confirm) refuseOnlyWithConfirm(given);
  const intent = work.put('payment_intent', newPaymentIntent(work.now, given.amount, currency));
  intent.capture_method = given.capture_method ?? 'automatic';
  intent.confirmation_method = given.confirmation_method ?? 'automatic';
  intent.automatic_payment_methods = automatic(given);
  apply(work, intent, given);
  work.emit('payment_intent.created', intent);
  if (given.confirm) confirmWith(work, intent, given);
  return intent;
}

/** Methods are chosen by Stripe unless the caller says otherwise. */
function automatic({ automatic_payment_methods: chosen }: Values<typeof creation>) {
  if (chosen?.enabled === false) return null;
  return { enabled: true, allow_redirects: chosen?.allow_redirects ?? ('always' as const) };
}

function refuseOnlyWithConfirm(given: Values<typeof creation>): void {
  for (const name of ['off_session', 'return_url', 'error_on_requires_action'] as const) {
    if (given[name] === undefined) continue;
    throw invalid(
      `\`${name}\` cannot be provided when creating a PaymentIntent without \`confirm\` set to true.`,
      { param: name },
    );
  }
}

function apply(work: Work, intent: PaymentIntent, given: Values<typeof details>): void {
  if (given.customer !== undefined) {
    if (!work.get('customer', given.customer)) throw missingParam('customer', given.customer, 'customer');
    intent.customer = given.customer;
  }
  if (given.payment_method !== undefined) {
    const method = paymentMethodOf(work, given.payment_method);
    requireUsable(method, intent.customer);
    intent.payment_method = method.id;
    if (intent.status === 'requires_payment_method') intent.status = 'requires_confirmation';
  }
  if (given.description !== undefined) intent.description = given.description;
  if (given.receipt_email !== undefined) intent.receipt_email = given.receipt_email;
  if (given.setup_future_usage !== undefined) intent.setup_future_usage = given.setup_future_usage;
  intent.allowed_payment_method_types =
    given.allowed_payment_method_types ?? intent.allowed_payment_method_types;
  intent.metadata = mergeMetadata(intent.metadata, given.metadata);
  intent.statement_descriptor = given.statement_descriptor ?? intent.statement_descriptor;
  intent.statement_descriptor_suffix =
    given.statement_descriptor_suffix ?? intent.statement_descriptor_suffix;
  intent.transfer_group = given.transfer_group ?? intent.transfer_group;
}

type Confirming = Values<typeof confirming> & { payment_method?: string | undefined };

const confirmWith = (work: Work, intent: PaymentIntent, given: Confirming): PaymentIntent =>
  confirm(work, intent.id, {
    payment_method: undefined,
    off_session: given.off_session ?? false,
    return_url: given.return_url,
    error_on_requires_action: given.error_on_requires_action ?? false,
  });

const change = { ...details, amount: integer(1), currency: text() };

function update(work: Work, given: Values<typeof change>, id: string): object {
  found(work, 'payment_intent', id);
  const intent = work.edit('payment_intent', id);
  const { metadata: _metadata, description: _description, ...rest } = given;
  if (Object.values(rest).some((value) => value !== undefined)) requireStatus(intent, 'update');
  if (given.currency !== undefined) intent.currency = currencyOf(given.currency);
  if (given.amount !== undefined) intent.amount = given.amount;
  if (given.amount !== undefined || given.currency !== undefined) checkAmount(intent.amount, intent.currency);
  apply(work, intent, given);
  return intent;
}

const confirmation = {
  ...confirming,
  payment_method: text(),
  receipt_email: email(),
  setup_future_usage: oneOf('off_session', 'on_session'),
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  allowed_payment_method_types: list(oneOf('card')),
  payment_method_options: ignored(),
  shipping: ignored(),
};

function confirmOne(work: Work, given: Values<typeof confirmation>, id: string): object {
  found(work, 'payment_intent', id);
  const intent = work.edit('payment_intent', id);
  requireStatus(intent, 'confirm');
  intent.setup_future_usage = given.setup_future_usage ?? intent.setup_future_usage;
  intent.receipt_email = given.receipt_email ?? intent.receipt_email;
  intent.capture_method = given.capture_method ?? intent.capture_method;
  intent.allowed_payment_method_types =
    given.allowed_payment_method_types ?? intent.allowed_payment_method_types;
  if (given.payment_method !== undefined)
    intent.payment_method = paymentMethodOf(work, given.payment_method).id;
  return confirmWith(work, intent, given);
}

const capturing = {
  amount_to_capture: integer(1),
  final_capture: bool(),
  metadata: metadata(),
  statement_descriptor: text(22),
  statement_descriptor_suffix: text(22),
};

function capture(work: Work, given: Values<typeof capturing>, id: string): object {
  found(work, 'payment_intent', id);
  const intent = work.edit('payment_intent', id);
  requireStatus(intent, 'capture');
  const amount = given.amount_to_capture ?? intent.amount_capturable;
  if (amount > intent.amount_capturable) {
    throw invalid(
      `The provided amount_to_capture (${amount}) is greater than the capturable amount (${intent.amount_capturable}).`,
      {
        code: 'amount_too_large',
        param: 'amount_to_capture',
      },
    );
  }
  const charge = work.edit('charge', intent.latest_charge!);
  intent.metadata = mergeMetadata(intent.metadata, given.metadata);
  work.remove('deadline', `hold ${id}`);
  collect(work, intent, charge, amount);
  work.emit('charge.captured', charge);
  work.emit('payment_intent.succeeded', intent);
  return intent;
}

const cancelling = {
  cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'),
};

function cancel(work: Work, given: Values<typeof cancelling>, id: string): object {
  const intent = found(work, 'payment_intent', id);
  const ofCheckout = work
    .all('checkout_session')
    .some(({ status, _ }) => status === 'open' && _.intent === id);
  if (ofCheckout) {
    throw unexpectedState(
      intent,
      'You cannot cancel this PaymentIntent because it was created by Checkout; expire the Checkout Session instead.',
    );
  }
  return cancelIntent(work, id, given.cancellation_reason ?? null);
}

export const paymentIntentRoutes = [
  route('POST', '/v1/payment_intents', creation, create),
  route('GET', '/v1/payment_intents', { ...pagingByTime, customer: text() }, (work, given) => {
    const all = work
      .all('payment_intent')
      .filter(({ customer }) => !given.customer || customer === given.customer);
    return page(all, given, '/v1/payment_intents');
  }),
  route('GET', '/v1/payment_intents/:id', { client_secret: text() }, (work, _given, id) =>
    found(work, 'payment_intent', id),
  ),
  route('POST', '/v1/payment_intents/:id', change, update),
  route('POST', '/v1/payment_intents/:id/confirm', confirmation, confirmOne),
  route('POST', '/v1/payment_intents/:id/capture', capturing, capture),
  route('POST', '/v1/payment_intents/:id/cancel', cancelling, cancel),
];
