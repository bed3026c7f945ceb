import { invalid, missingParam } from '../errors.ts';
import { page, pagingByTime } from '../lists.ts';
import { checkAmount, currencyOf } from '../money.ts';
import { type LineItem, newCheckoutSession } from '../objects/checkout-session.ts';
import {
  email,
  ignored,
  integer,
  list,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  required,
  text,
  url,
  type Values,
} from '../params.ts';
import { found, route } from '../route.ts';
import { expireSession } from '../verbs/checkout.ts';
import type { Work } from '../work.ts';

const HALF_HOUR = 1800;
const DAY = 86_400;

const lineItem = object({
  quantity: integer(1),
  price_data: required(
    object({
      currency: required(text()),
      unit_amount: required(integer(0)),
      product_data: required(
        object({ name: required(text()), description: text(), images: ignored(), metadata: metadata() }),
      ),
    }),
  ),
});
const creation = {
  mode: required(oneOf('payment')),
  line_items: required(list(lineItem)),
  payment_intent_data: object({
    capture_method: oneOf('automatic', 'automatic_async', 'manual'),
    description: text(),
    metadata: metadata(),
    receipt_email: email(),
    setup_future_usage: oneOf('off_session', 'on_session'),
    statement_descriptor: text(22),
    statement_descriptor_suffix: text(22),
    transfer_group: text(),
  }),
  success_url: required(url()),
  cancel_url: url(),
  client_reference_id: text(200),
  customer: text(),
  customer_email: email(),
  customer_creation: oneOf('always', 'if_required'),
  expires_at: integer(1),
  locale: text(),
  metadata: metadata(),
  allowed_payment_method_types: list(oneOf('card')),
  submit_type: ignored(),
};

function create(work: Work, given: Values<typeof creation>): object {
  const { currency, items, amount } = sumOf(given.line_items);
  checkAmount(amount, currency, 'line_items');
  if (given.customer !== undefined && !work.get('customer', given.customer)) {
    throw missingParam('customer', given.customer, 'customer');
  }
  if (given.customer !== undefined && given.customer_email !== undefined) {
    throw invalid('You may only specify one of these parameters: customer, customer_email.', {
      param: 'customer_email',
    });
  }
  const session = newCheckoutSession(work.now, amount, currency, items, given.payment_intent_data ?? {});
  work.put('checkout_session', session);
  session.success_url = given.success_url;
  session.cancel_url = given.cancel_url ?? null;
  session.client_reference_id = given.client_reference_id ?? null;
  session.customer = given.customer ?? null;
  session.customer_email = given.customer_email ?? null;
  session.customer_creation =
    given.customer === undefined ? (given.customer_creation ?? 'if_required') : null;
  session.allowed_payment_method_types = given.allowed_payment_method_types ?? null;
  session.locale = given.locale ?? null;
  session.metadata = mergeMetadata({}, given.metadata);
  session.expires_at = expiryOf(work, given.expires_at);
  session.url = `${work.baseUrl}/pages/checkout/${session.id}`;
  work.put('deadline', {
    id: `session ${session.id}`,
    what: 'expireSession',
    of: session.id,
    at: session.expires_at,
  });
  return session;
}

function sumOf(given: Values<typeof creation>['line_items']): {
  currency: string;
  items: LineItem[];
  amount: number;
} {
  const [first] = given;
  if (!first)
    throw invalid('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' });
  const currency = currencyOf(first.price_data.currency);
  if (given.some(({ price_data }) => price_data.currency.toLowerCase() !== currency)) {
    throw invalid('All line items must have the same currency.', { param: 'line_items' });
  }
  const items = given.map(({ quantity, price_data: { unit_amount, product_data } }) => ({
    name: product_data.name,
    description: product_data.description,
    quantity: quantity ?? 1,
    unit_amount,
  }));
  return { currency, items, amount: items.reduce((sum, item) => sum + item.quantity * item.unit_amount, 0) };
}

function expiryOf(work: Work, given: number | undefined): number {
  if (given === undefined) return work.now + DAY;
  if (given < work.now + HALF_HOUR) {
    throw invalid('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.', {
      param: 'expires_at',
    });
  }
  if (given > work.now + DAY) {
    throw invalid('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.', {
      param: 'expires_at',
    });
  }
  return given;
}

export const checkoutSessionRoutes = [
  route('POST', '/v1/checkout/sessions', creation, create),
  route(
    'GET',
    '/v1/checkout/sessions',
    {
      ...pagingByTime,
      customer: text(),
      payment_intent: text(),
      status: oneOf('open', 'complete', 'expired'),
    },
    (work, given) => {
      const all = work
        .all('checkout_session')
        .filter(
          ({ customer, payment_intent, status }) =>
            (!given.customer || customer === given.customer) &&
            (!given.payment_intent || payment_intent === given.payment_intent) &&
            (!given.status || status === given.status),
        );
      return page(all, given, '/v1/checkout/sessions');
    },
  ),
  route('GET', '/v1/checkout/sessions/:id', {}, (work, _given, id) => found(work, 'checkout_session', id)),
  route('POST', '/v1/checkout/sessions/:id/expire', {}, (work, _given, id) => {
    found(work, 'checkout_session', id);
    return expireSession(work, id);
  }),
];
