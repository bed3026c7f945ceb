import { type Card, cardNamed } from '../cards.ts';
import { invalid, missingParam, Refusal, unfit } from '../errors.ts';
import type { Kinds } from '../kinds.ts';
import { newPaymentMethod, type PaymentMethod } from '../objects/payment-method.ts';
import type { Work } from '../work.ts';

/** The payment method of an id, or a new one by one of Stripe's names for tests. */
export function paymentMethodOf(work: Work, id: string, param = 'payment_method'): PaymentMethod {
  const card = cardNamed(id);
  if (card) return work.put('payment_method', newPaymentMethod(work.now, card));
  const found = work.get('payment_method', id);
  if (!found) throw missingParam('PaymentMethod', id, param);
  return found;
}

/** A payment method serves once, or any number of times for the customer that it belongs to. */
export function requireUsable(method: PaymentMethod, customer: string | null): void {
  if (method._.spent) {
    throw invalid(
      'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
      { param: 'payment_method' },
    );
  }
  if (method.customer !== null && method.customer !== customer) {
    throw invalid(
      customer === null
        ? 'The payment method you provided belongs to a customer. Please include the Customer in the `customer` parameter on the PaymentIntent.'
        : 'The customer does not have a payment method with the ID ' +
            `${method.id}. The payment method must be attached to the customer.`,
      { param: 'payment_method' },
    );
  }
}

export function attach(
  work: Work,
  method: PaymentMethod,
  customer: Kinds['customer'],
  setUp: boolean,
): PaymentMethod {
  if (method._.spent) requireUsable(method, customer.id);
  if (method.customer !== null && method.customer !== customer.id) {
    throw unfit('The payment method you provided has already been attached to a customer.', {
      code: 'payment_method_unexpected_state',
    });
  }
  refuseUnattachable(method._.card);
  const attached = work.edit('payment_method', method.id);
  const isNew = attached.customer === null;
  attached.customer = customer.id;
  attached._.setUp ||= setUp;
  attached.card.checks.cvc_check = 'pass';
  if (isNew) work.emit('payment_method.attached', attached);
  return attached;
}

function refuseUnattachable({ decline, unattachable }: Card): void {
  if (decline && unattachable) throw new Refusal(402, { type: 'card_error', ...decline }, 'changes');
}
