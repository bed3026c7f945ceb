import { shown } from '../money.ts';
import { authenticate } from '../verbs/confirm.ts';
import type { Work } from '../work.ts';
import { escaped, html, notice } from './html.ts';
import type { Page } from './page.ts';

const UNKNOWN: Page = { status: 404, html: notice('Not found', 'There is no such payment.') };

export function authenticatePage(work: Work, id: string, query: URLSearchParams): Page {
  const intent = work.get('payment_intent', id);
  if (!intent || query.get('secret') !== intent.client_secret) return UNKNOWN;
  if (intent.status !== 'requires_action') {
    return { status: 200, html: notice('Nothing to do', 'This payment does not wait for authentication.') };
  }
  const amount = escaped(shown(intent.amount, intent.currency));
  return {
    status: 200,
    html: html(
      'Authenticate the payment',
      `<h1>Authenticate the payment</h1>
<p class="amount">${amount}</p>
<p>Here the bank of the card asks its holder whether this payment is theirs.</p>
<form method="post">
<button name="outcome" value="complete">Complete authentication</button>
<button name="outcome" value="fail">Fail authentication</button>
</form>`,
    ),
  };
}

export function answerAuthentication(
  work: Work,
  id: string,
  query: URLSearchParams,
  given: URLSearchParams,
): Page {
  const before = work.get('payment_intent', id);
  if (before?.status !== 'requires_action' || query.get('secret') !== before.client_secret) {
    return authenticatePage(work, id, query);
  }
  const returnUrl = before.next_action?.redirect_to_url?.return_url;
  const succeeded = given.get('outcome') === 'complete';
  const intent = authenticate(work, id, succeeded);
  if (!returnUrl) {
    return {
      status: 200,
      html: notice(succeeded ? 'Authenticated' : 'Not authenticated', 'You can close this page.'),
    };
  }
  const back = new URL(returnUrl);
  back.searchParams.set('payment_intent', id);
  back.searchParams.set('payment_intent_client_secret', intent.client_secret);
  back.searchParams.set('redirect_status', succeeded ? 'succeeded' : 'failed');
  return { location: back.href };
}
