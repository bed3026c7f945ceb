import { type Faults, faultSettings, webhookSettings } from '../faults.ts';
import { KINDS } from '../kinds.ts';
import { completeOnboarding, rejectAccount } from '../objects/account.ts';
import { bool, integer, required, text } from '../params.ts';
import { found, type Route, route } from '../route.ts';
import { completeSession, paySession } from '../verbs/checkout.ts';
import { authenticate } from '../verbs/confirm.ts';
import { decideDispute, openDispute } from '../verbs/dispute.ts';
import { failRefund } from '../verbs/refund.ts';
import type { Webhooks } from '../webhooks.ts';
import type { Work } from '../work.ts';

/** What no client of Stripe can do: what banks, guests and owners of accounts do, and what goes wrong. */
export const controlRoutes = (faults: Faults, webhooks: Webhooks): Route[] => [
  route('POST', '/_emulator/faults', faultSettings, (_work, given) => faults.set(given)),
  route('POST', '/_emulator/webhooks', webhookSettings, (_work, given) => {
    const { delayMs = 0, duplicates = 0, shuffle = false, paused = false } = given;
    return { ...Object.assign(webhooks.faults, { delayMs, duplicates, shuffle, paused }) };
  }),
  route(
    'POST',
    '/_emulator/payment_intents/:id/authenticate',
    { succeed: required(bool()) },
    (work, { succeed }, id) => {
      found(work, 'payment_intent', id);
      const intent = authenticate(work, id, succeed);
      const session = work.all('checkout_session').find(({ _ }) => _.intent === id);
      if (session) completeSession(work, session.id);
      return intent;
    },
  ),
  route(
    'POST',
    '/_emulator/checkout/sessions/:id/pay',
    { payment_method: required(text()) },
    (work, given, id) => {
      found(work, 'checkout_session', id);
      return paySession(work, id, given.payment_method);
    },
  ),
  route('POST', '/_emulator/accounts/:id/complete', {}, (work, _given, id) => complete(work, id)),
  route('POST', '/_emulator/accounts/:id/close', {}, (work, _given, id) => {
    found(work, 'account', id);
    const account = work.edit('account', id);
    rejectAccount(account);
    work.emit('account.updated', account);
    return account;
  }),
  route('POST', '/_emulator/accounts/:id/pay_out', {}, (work, _given, id) => {
    found(work, 'account', id);
    const account = work.edit('account', id);
    const paidOut = account._.balance;
    account._.balance = {};
    return { paid_out: paidOut };
  }),
  route(
    'GET',
    '/_emulator/accounts/:id/balance',
    {},
    (work, _given, id) => found(work, 'account', id)._.balance,
  ),
  route(
    'POST',
    '/_emulator/charges/:id/dispute',
    { amount: integer(1), reason: text() },
    (work, given, id) => {
      found(work, 'charge', id);
      return openDispute(work, id, given.reason ?? 'fraudulent', given.amount);
    },
  ),
  route('POST', '/_emulator/disputes/:id/decide', { won: required(bool()) }, (work, { won }, id) => {
    found(work, 'dispute', id);
    return decideDispute(work, id, won);
  }),
  route('POST', '/_emulator/refunds/:id/fail', { reason: text() }, (work, { reason }, id) => {
    found(work, 'refund', id);
    return failRefund(work, id, reason);
  }),
  route('GET', '/_emulator/state', {}, (work) =>
    Object.fromEntries(KINDS.map((kind) => [kind, work.all(kind).length])),
  ),
];

/** The owner has gone through the onboarding. */
export function complete(work: Work, id: string) {
  found(work, 'account', id);
  const account = work.edit('account', id);
  completeOnboarding(account, work.now);
  work.emit('account.updated', account);
  return account;
}
