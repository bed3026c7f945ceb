import { Refusal } from './errors.ts';
import type { Deadline } from './kinds.ts';
import { cancelIntent } from './verbs/cancel-intent.ts';
import { expireSession } from './verbs/checkout.ts';
import { decideDispute, openDispute } from './verbs/dispute.ts';
import { failRefund, settleRefund } from './verbs/refund.ts';
import type { Work } from './work.ts';

/** Does what the clock has reached: holds end, sessions expire, banks answer. */
export function keepDeadlines(work: Work): void {
  const due = work.all('deadline').filter(({ at }) => at <= work.now);
  for (const deadline of due.reverse()) {
    work.remove('deadline', deadline.id);
    try {
      act(work, deadline);
    } catch (error) {
      // What has become impossible meanwhile does not happen.
      if (!(error instanceof Refusal)) throw error;
    }
  }
}

function act(work: Work, { what, of, detail }: Deadline): void {
  switch (what) {
    case 'expireHold':
      if (work.get('payment_intent', of)?.status === 'requires_capture') cancelIntent(work, of, 'automatic');
      return;
    case 'expireSession':
      if (work.get('checkout_session', of)?.status === 'open') expireSession(work, of);
      return;
    case 'openDispute':
      if (work.get('charge', of)?._.dispute === null) openDispute(work, of, detail ?? 'fraudulent');
      return;
    case 'decideDispute':
      decideDispute(work, of, detail === 'won');
      return;
    case 'settleRefund':
      settleRefund(work, of);
      return;
    case 'failRefund':
      if (work.get('refund', of)?.status === 'succeeded') failRefund(work, of);
  }
}
