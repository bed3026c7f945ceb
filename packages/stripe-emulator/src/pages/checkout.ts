import { invalid, Refusal } from '../errors.ts';
import { shown } from '../money.ts';
import type { CheckoutSession } from '../objects/checkout-session.ts';
import { completeSession, paySession } from '../verbs/checkout.ts';
import type { Work } from '../work.ts';
import { escaped, html, notice } from './html.ts';
import type { Page } from './page.ts';

const CARDS = [
  ['pm_card_visa', 'Visa •••• 4242: pays'],
  ['pm_card_mastercard', 'Mastercard •••• 4444: pays'],
  ['pm_card_authenticationRequired', 'Visa •••• 3184: asks for authentication'],
  ['pm_card_visa_chargeDeclined', 'Visa •••• 0002: is declined'],
  ['pm_card_chargeDeclinedInsufficientFunds', 'Visa •••• 9995: has not the money'],
  ['pm_card_createDispute', 'Visa •••• 0259: pays, and disputes it'],
  ['pm_card_refundFail', 'Visa •••• 5126: pays, and cannot be refunded'],
] as const;

export function checkoutPage(work: Work, id: string): Page {
  const session = work.get('checkout_session', id);
  if (!session) return { status: 404, html: notice('Not found', 'There is no such checkout.') };
  if (session.status === 'expired') {
    return {
      status: 200,
      html: notice('This checkout has expired', 'Go back to where you came from and start anew.'),
    };
  }
  if (session.status === 'complete') return { location: successUrl(session) };
  return { status: 200, html: form(session, '') };
}

export function payAtCheckout(work: Work, id: string, given: URLSearchParams): Page {
  const before = work.get('checkout_session', id);
  if (before?.status !== 'open') return checkoutPage(work, id);
  try {
    const session = paySession(work, id, cardOf(given));
    if (session.status === 'complete') return { location: successUrl(session) };
    const intent = work.get('payment_intent', session._.intent!)!;
    return { location: intent.next_action?.redirect_to_url?.url ?? session.url! };
  } catch (error) {
    if (!(error instanceof Refusal) || error.remains !== 'changes') throw error;
    return { status: 402, html: form(before, error.body.message) };
  }
}

/** Back from the authentication. */
export function returnToCheckout(work: Work, id: string): Page {
  if (!work.get('checkout_session', id)) return checkoutPage(work, id);
  const session = completeSession(work, id);
  if (session.status !== 'open') return checkoutPage(work, id);
  const intent = session._.intent === null ? undefined : work.get('payment_intent', session._.intent);
  return { status: 200, html: form(session, intent?.last_payment_error?.message ?? '') };
}

function cardOf(given: URLSearchParams): string {
  const card = given.get('payment_method');
  if (!card) throw invalid('Missing required param: payment_method.', { param: 'payment_method' });
  return card;
}

const successUrl = (session: CheckoutSession): string =>
  session.success_url!.replaceAll('{CHECKOUT_SESSION_ID}', session.id);

function form(session: CheckoutSession, problem: string): string {
  const money = (amount: number) => escaped(shown(amount, session.currency));
  const items = session._.items.map(
    (item) =>
      `<li><span>${escaped(item.name)}${item.quantity > 1 ? ` × ${item.quantity}` : ''}<small>${escaped(item.description ?? '')}</small></span><span>${money(item.unit_amount * item.quantity)}</span></li>`,
  );
  const options = CARDS.map(([name, label]) => `<option value="${name}">${label}</option>`);
  const back = session.cancel_url
    ? `<a class="button second" href="${escaped(session.cancel_url)}">Back</a>`
    : '';
  return html(
    'Pay',
    `<h1>Pay</h1>
<p class="amount">${money(session.amount_total)}</p>
<ul>${items.join('')}</ul>
${problem === '' ? '' : `<p role="alert">${escaped(problem)}</p>`}
<form method="post" action="/pages/checkout/${escaped(session.id)}">
<label for="card">Card for tests</label>
<select id="card" name="payment_method">${options.join('')}</select>
<button>Pay ${money(session.amount_total)}</button>
</form>
${back}`,
  );
}
