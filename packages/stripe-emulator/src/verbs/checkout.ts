import { unfit } from '../errors.ts';
import type { CheckoutSession } from '../objects/checkout-session.ts';
import { newCustomer } from '../objects/customer.ts';
import { newPaymentIntent, type PaymentIntent } from '../objects/payment-intent.ts';
import type { Work } from '../work.ts';
import { cancelIntent } from './cancel-intent.ts';
import { confirm } from './confirm.ts';

export function expireSession(work: Work, id: string): CheckoutSession {
  const session = work.edit('checkout_session', id);
  requireOpen(session, 'expire');
  session.status = 'expired';
  session.url = null;
  work.remove('deadline', `session ${id}`);
  // Nobody can pay any more on a page that is gone, also not by finishing an authentication.
  if (session._.intent !== null) cancelIntent(work, session._.intent, 'expired');
  work.emit('checkout.session.expired', session);
  return session;
}

/** Whoever is at the hosted page pays; a refusal of the card is thrown, and the session stays open. */
export function paySession(work: Work, id: string, paymentMethod: string): CheckoutSession {
  const session = work.edit('checkout_session', id);
  requireOpen(session, 'pay');
  const intent = intentOf(work, session);
  confirm(work, intent.id, {
    payment_method: paymentMethod,
    off_session: false,
    return_url: `${work.baseUrl}/pages/checkout/${id}/return`,
    error_on_requires_action: false,
  });
  return completeSession(work, id);
}

/** Closes a session whose payment has gone through. */
export function completeSession(work: Work, id: string): CheckoutSession {
  const session = work.edit('checkout_session', id);
  const intent = session._.intent === null ? undefined : work.get('payment_intent', session._.intent);
  if (session.status !== 'open' || !intent || !isPaid(intent)) return session;
  session.status = 'complete';
  session.payment_intent = intent.id;
  session.customer = intent.customer;
  session.payment_status = intent.status === 'succeeded' ? 'paid' : 'unpaid';
  session.url = null;
  session.customer_details = customerDetails(work, session);
  work.remove('deadline', `session ${id}`);
  work.emit('checkout.session.completed', session);
  return session;
}

const isPaid = ({ status }: PaymentIntent): boolean =>
  status === 'succeeded' || status === 'requires_capture';

function requireOpen(session: CheckoutSession, verb: string): void {
  if (session.status === 'open') return;
  throw unfit(
    `Only Checkout Sessions with a status in ["open"] can be ${verb === 'expire' ? 'expired' : 'paid'}. This Checkout Session has a status of ${session.status}.`,
  );
}

/** The intent of a session is made when somebody tries to pay, and used for all tries. */
function intentOf(work: Work, session: CheckoutSession): PaymentIntent {
  if (session._.intent !== null) return work.edit('payment_intent', session._.intent);
  const intent = work.put(
    'payment_intent',
    newPaymentIntent(work.now, session.amount_total, session.currency),
  );
  const data = session._.intentData;
  intent.automatic_payment_methods = { enabled: true, allow_redirects: 'always' };
  intent.capture_method = data.capture_method ?? 'automatic';
  intent.description = data.description ?? null;
  intent.metadata = data.metadata ?? {};
  intent.receipt_email = data.receipt_email ?? null;
  intent.setup_future_usage = data.setup_future_usage ?? null;
  intent.statement_descriptor = data.statement_descriptor ?? null;
  intent.statement_descriptor_suffix = data.statement_descriptor_suffix ?? null;
  intent.transfer_group = data.transfer_group ?? null;
  intent.customer = session.customer ?? customerFor(work, session);
  session._.intent = intent.id;
  work.emit('payment_intent.created', intent);
  return intent;
}

/** A card can only be kept for somebody. */
function customerFor(work: Work, session: CheckoutSession): string | null {
  if (session.customer_creation !== 'always' && !session._.intentData.setup_future_usage) return null;
  const customer = work.put('customer', newCustomer(work.now));
  customer.email = session.customer_email;
  work.emit('customer.created', customer);
  return customer.id;
}

function customerDetails(work: Work, session: CheckoutSession): object {
  const customer = session.customer === null ? undefined : work.get('customer', session.customer);
  return {
    address: null,
    business_name: null,
    email: session.customer_email ?? customer?.email ?? null,
    individual_name: null,
    name: customer?.name ?? null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  };
}
