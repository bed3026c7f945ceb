import { cardOfToken } from '../cards.ts';
import { invalid, missingParam, Refusal, unfit } from '../errors.ts';
import { page, paging } from '../lists.ts';
import { newPaymentMethod } from '../objects/payment-method.ts';
import {
  email,
  type Field,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  required,
  text,
  unsettable,
  type Values,
} from '../params.ts';
import { found, missingOr, route } from '../route.ts';
import { attach, paymentMethodOf } from '../verbs/payment-methods.ts';
import type { Work } from '../work.ts';

/** Numbers of cards are for browsers and Stripe alone; a server that sends them must be certified for it. */
const noNumbers: Field<undefined> = {
  read(value) {
    if (value === undefined) return undefined;
    throw new Refusal(402, {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'test_mode_live_card',
      message:
        'Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens that map to the test card you are using, see https://stripe.com/docs/testing. To enable testing raw card data APIs, see https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis.',
    });
  },
};

const creation = {
  type: required(oneOf('card')),
  card: required(
    object({ token: text(), number: noNumbers, exp_month: noNumbers, exp_year: noNumbers, cvc: noNumbers }),
  ),
  billing_details: object({
    email: unsettable(email()),
    name: unsettable(text()),
    phone: unsettable(text()),
  }),
  metadata: metadata(),
};

function create(work: Work, given: Values<typeof creation>): object {
  const token = given.card.token;
  if (token === undefined) {
    throw invalid('Missing required param: card[token].', {
      code: 'parameter_missing',
      param: 'card[token]',
    });
  }
  const card = cardOfToken(token);
  if (!card) throw missingParam('token', token, 'card[token]');
  const method = work.put('payment_method', newPaymentMethod(work.now, card));
  method.metadata = mergeMetadata({}, given.metadata);
  const { email: address, name, phone } = given.billing_details ?? {};
  method.billing_details = {
    ...method.billing_details,
    email: address ?? null,
    name: name ?? null,
    phone: phone ?? null,
  };
  return method;
}

function attachOne(work: Work, { customer: id }: { customer: string }, methodId: string): object {
  const customer = work.get('customer', id);
  if (!customer) throw missingParam('customer', id, 'customer');
  const method = missingOr('PaymentMethod', methodId, () => paymentMethodOf(work, methodId));
  return attach(work, method, customer, false);
}

function detach(work: Work, _given: object, id: string): object {
  found(work, 'payment_method', id);
  const method = work.edit('payment_method', id);
  if (method.customer === null) {
    throw unfit(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      {
        code: 'payment_method_unexpected_state',
      },
    );
  }
  const customer = method.customer;
  method.customer = null;
  method._.spent = true;
  work.emit('payment_method.detached', method, { customer });
  return method;
}

const ofCustomer = (work: Work, id: string) =>
  work.all('payment_method').filter(({ customer }) => customer === id);
const kind = oneOf('card');

export const paymentMethodRoutes = [
  route('POST', '/v1/payment_methods', creation, create),
  route('GET', '/v1/payment_methods', { ...paging, customer: text(), type: kind }, (work, given) =>
    page(given.customer ? ofCustomer(work, given.customer) : [], given, '/v1/payment_methods'),
  ),
  route('GET', '/v1/payment_methods/:id', {}, (work, _given, id) =>
    missingOr('PaymentMethod', id, () => paymentMethodOf(work, id)),
  ),
  route('POST', '/v1/payment_methods/:id/attach', { customer: required(text()) }, attachOne),
  route('POST', '/v1/payment_methods/:id/detach', {}, detach),
  route('GET', '/v1/customers/:id/payment_methods', { ...paging, type: kind }, (work, given, id) => {
    found(work, 'customer', id);
    return page(ofCustomer(work, id), given, `/v1/customers/${id}/payment_methods`);
  }),
];
