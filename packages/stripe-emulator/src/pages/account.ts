import { shown } from '../money.ts';
import { complete } from '../routes/control.ts';
import type { Work } from '../work.ts';
import { escaped, html, notice } from './html.ts';
import type { Page } from './page.ts';

export function setupPage(work: Work, id: string, linkId: string): Page {
  const link = work.get('account_link', linkId);
  const account = work.get('account', id);
  if (!link || link.account !== id || !account) {
    return { status: 404, html: notice('Not found', 'This link leads nowhere: it may have been used.') };
  }
  if (link.expires <= work.now) return { location: link.refreshUrl };
  return {
    status: 200,
    html: html(
      'Set up payouts',
      `<h1>Set up payouts</h1>
<p>Here Stripe asks ${escaped(account.email ?? 'the owner of the account')} who they are and where their money should go.</p>
<form method="post"><button>Complete the setup</button></form>
<a class="button second" href="${escaped(link.returnUrl)}">Later</a>`,
    ),
  };
}

export function finishSetup(work: Work, id: string, linkId: string): Page {
  const link = work.get('account_link', linkId);
  if (!link || link.account !== id || link.expires <= work.now || !work.get('account', id)) {
    return setupPage(work, id, linkId);
  }
  complete(work, id);
  work.remove('account_link', linkId);
  return { location: link.returnUrl };
}

/** What the owner of a connected account sees. */
export function dashboardPage(work: Work, id: string): Page {
  const account = work.get('account', id);
  if (!account) return { status: 404, html: notice('Not found', 'There is no such account.') };
  const balances = Object.entries(account._.balance).map(
    ([currency, amount]) =>
      `<li><span>${currency.toUpperCase()}</span><span>${escaped(shown(amount, currency))}</span></li>`,
  );
  return {
    status: 200,
    html: html(
      'Account',
      `<h1>${escaped(account.email ?? id)}</h1><p>Balance</p><ul>${balances.join('')}</ul>`,
    ),
  };
}

export function receiptPage(work: Work, id: string): Page {
  const charge = work.get('charge', id);
  if (!charge) return { status: 404, html: notice('Not found', 'There is no such payment.') };
  const given =
    charge.amount_refunded > 0
      ? `<p>Given back: ${escaped(shown(charge.amount_refunded, charge.currency))}</p>`
      : '';
  return {
    status: 200,
    html: html(
      'Receipt',
      `<h1>Receipt</h1><p class="amount">${escaped(shown(charge.amount, charge.currency))}</p><p>${escaped(charge.description ?? '')}</p>${given}`,
    ),
  };
}
