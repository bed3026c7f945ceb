import type { ServerResponse } from 'node:http';
import { Refusal } from '../errors.ts';
import { begin, type Emulation } from '../execute.ts';
import type { Work } from '../work.ts';
import { dashboardPage, finishSetup, receiptPage, setupPage } from './account.ts';
import { answerAuthentication, authenticatePage } from './authenticate.ts';
import { checkoutPage, payAtCheckout, returnToCheckout } from './checkout.ts';
import { notice } from './html.ts';
import type { Page } from './page.ts';

/** A form that was sent; undefined when a page is only looked at. */
type Sent = URLSearchParams | undefined;

/** Pages for people: what Stripe would host. */
export function answerPage(emulation: Emulation, url: URL, sent: Sent, res: ServerResponse): void {
  const work = begin(emulation);
  let page: Page;
  try {
    page = pageOf(work, url, sent);
    work.commit();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    page = { status: error.status, html: notice('That did not work', error.body.message) };
  }
  if ('location' in page) res.writeHead(303, { location: page.location }).end();
  else {
    res.writeHead(page.status, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    res.end(page.html);
  }
}

function pageOf(work: Work, url: URL, sent: Sent): Page {
  const [, , noun, id = '', part] = url.pathname.split('/');
  switch (noun) {
    case 'checkout':
      if (part === 'return') return returnToCheckout(work, id);
      return sent ? payAtCheckout(work, id, sent) : checkoutPage(work, id);
    case 'authenticate':
      return sent
        ? answerAuthentication(work, id, url.searchParams, sent)
        : authenticatePage(work, id, url.searchParams);
    case 'setup':
      return sent ? finishSetup(work, id, part ?? '') : setupPage(work, id, part ?? '');
    case 'accounts':
      return dashboardPage(work, id);
    case 'receipts':
      return receiptPage(work, id);
    default:
      return { status: 404, html: notice('Not found', 'There is no such page.') };
  }
}
