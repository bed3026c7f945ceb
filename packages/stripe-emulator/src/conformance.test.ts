import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulated, openEmulated, pay } from '../test/emulated.ts';
import type { Account } from './objects/account.ts';
import type { BalanceTransaction } from './objects/balance-transaction.ts';
import type { Charge } from './objects/charge.ts';
import type { CheckoutSession } from './objects/checkout-session.ts';
import type { Customer } from './objects/customer.ts';
import type { Dispute } from './objects/dispute.ts';
import type { StripeEvent } from './objects/event.ts';
import type { PaymentIntent } from './objects/payment-intent.ts';
import type { PaymentMethod } from './objects/payment-method.ts';
import type { Refund } from './objects/refund.ts';
import type { Transfer, TransferReversal } from './objects/transfer.ts';

type RequiredKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? never : K }[keyof T];
/** What the types of Stripe's client promise, and ours have not. */
type Missing<Wire, Ours> = Exclude<RequiredKeys<Wire>, keyof Ours | 'lastResponse'>;

/** Held by the compiler: a promise that is not kept must be named here, with the reason. */
const UNKEPT: {
  account: Record<Missing<Stripe.Account, Account>, string>;
  balanceTransaction: Record<Missing<Stripe.BalanceTransaction, BalanceTransaction>, string>;
  charge: Record<Missing<Stripe.Charge, Charge>, string>;
  customer: Record<Missing<Stripe.Customer, Customer>, string>;
  dispute: Record<Missing<Stripe.Dispute, Dispute>, string>;
  event: Record<Missing<Stripe.EventBase, StripeEvent>, string>;
  paymentIntent: Record<Missing<Stripe.PaymentIntent, PaymentIntent>, string>;
  paymentMethod: Record<Missing<Stripe.PaymentMethod, PaymentMethod>, string>;
  refund: Record<Missing<Stripe.Refund, Refund>, string>;
  session: Record<Missing<Stripe.Checkout.Session, CheckoutSession>, string>;
  transfer: Record<Missing<Stripe.Transfer, Transfer>, string>;
  transferReversal: Record<Missing<Stripe.TransferReversal, TransferReversal>, string>;
} = {
  account: {},
  balanceTransaction: {},
  charge: {},
  customer: {},
  dispute: {},
  event: {},
  paymentIntent: {},
  paymentMethod: {},
  refund: {},
  session: {},
  transfer: { reversals: 'added when it is shown' },
  transferReversal: {},
};

type Json = Record<string, unknown>;

const file = path.join(import.meta.dirname, '../../../../shared/data/stripe/fixtures3.json');
const fixtures = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as { resources: Record<string, Json> }).resources
  : undefined;

/** Members of the published examples that the emulator has not, and why. */
const LEFT_OUT: Record<string, string> = {
  'charge.refunds': 'only there when it is expanded, since 2022-11-15',
  'account.capabilities.card_payments': 'only capabilities that were asked for are there',
};

let emulated: Emulated;
const shown: Record<string, unknown> = {};
beforeAll(async () => {
  emulated = await openEmulated();
  const { stripe, control } = emulated;
  const customer = await stripe.customers.create({ email: 'guest@example.com' });
  const intent = await pay(stripe, { customer: customer.id, setup_future_usage: 'off_session' });
  const disputed = await pay(stripe, { payment_method: 'pm_card_createDispute' });
  const destination = await emulated.openAccount();
  const transfer = await stripe.transfers.create({ amount: 500, currency: 'usd', destination });
  const page = { refresh_url: 'https://example.com', return_url: 'https://example.com' };
  Object.assign(shown, {
    customer,
    payment_intent: intent,
    charge: await stripe.charges.retrieve(intent.latest_charge as string),
    payment_method: await stripe.paymentMethods.retrieve(intent.payment_method as string),
    refund: await stripe.refunds.create({ payment_intent: intent.id, amount: 100 }),
    balance: await stripe.balance.retrieve(),
    balance_transaction: (await stripe.balanceTransactions.list({ type: 'charge' })).data[0],
    dispute: (await stripe.disputes.list({ payment_intent: disputed.id })).data[0],
    account: await stripe.accounts.retrieve(destination),
    account_link: await stripe.accountLinks.create({
      account: destination,
      type: 'account_onboarding',
      ...page,
    }),
    transfer,
    transfer_reversal: await stripe.transfers.createReversal(transfer.id, { amount: 100 }),
    event: (await stripe.events.list()).data[0],
    'checkout.session': await stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://example.com',
      line_items: [
        { quantity: 1, price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'x' } } },
      ],
    }),
  });
  await control('webhooks/flush');
});
afterAll(() => emulated.close());

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;

/** Where `ours` has not what `theirs` has; what either leaves null cannot be compared. */
function differences(theirs: Json, ours: Json, at: string): string[] {
  return Object.entries(theirs).flatMap(([name, value]) => {
    const place = `${at}.${name}`;
    if (place in LEFT_OUT) return [];
    if (!(name in ours)) return [`${place} is missing`];
    const [expected, given] = [kindOf(value), kindOf(ours[name])];
    if (expected === 'null' || given === 'null') return [];
    if (expected !== given) return [`${place} is ${given}, not ${expected}`];
    return expected === 'object' && !isFree(place)
      ? differences(value as Json, ours[name] as Json, place)
      : [];
  });
}

/** Objects whose members are the caller's, or depend on what they are of. */
const isFree = (place: string) => /\.metadata$|^event\.data\.object$|\.payment_method_options$/.test(place);

describe('an object', () => {
  test('has all that the types of the client promise', () => {
    const unkept = Object.values(UNKEPT).flatMap((members) => Object.keys(members));
    expect(unkept).toEqual(['reversals']);
    expect(shown.transfer).toHaveProperty('reversals.object', 'list');
  });

  test
    .skipIf(!fixtures)
    .each([
      'payment_intent',
      'charge',
      'refund',
      'customer',
      'transfer',
      'transfer_reversal',
      'account',
      'balance',
      'balance_transaction',
      'dispute',
      'checkout.session',
      'event',
      'payment_method',
      'account_link',
    ])('has all that Stripe publishes of a %s', (kind) => {
    expect(differences(fixtures![kind]!, shown[kind] as Json, kind)).toEqual([]);
  });
});
