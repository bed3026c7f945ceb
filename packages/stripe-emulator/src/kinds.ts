import type { Account } from './objects/account.ts';
import type { BalanceTransaction } from './objects/balance-transaction.ts';
import type { Charge } from './objects/charge.ts';
import type { CheckoutSession } from './objects/checkout-session.ts';
import type { Customer } from './objects/customer.ts';
import type { Dispute } from './objects/dispute.ts';
import type { StripeEvent } from './objects/event.ts';
import type { PaymentIntent } from './objects/payment-intent.ts';
import type { PaymentMethod } from './objects/payment-method.ts';
import type { Purse } from './objects/purse.ts';
import type { Refund } from './objects/refund.ts';
import type { Transfer, TransferReversal } from './objects/transfer.ts';

export interface WebhookEndpoint {
  id: string;
  object: 'webhook_endpoint';
  api_version: string | null;
  application: null;
  created: number;
  description: string | null;
  enabled_events: string[];
  livemode: false;
  metadata: Record<string, string>;
  secret: string;
  status: 'enabled';
  url: string;
}

/** An event that an endpoint has not acknowledged. */
interface Delivery {
  id: string;
  event: string;
  /** `main` is the one that the emulator was started with. */
  endpoint: string;
  /** When it was first to be sent, in real milliseconds. */
  since: number;
}

/** What happens by itself when the clock reaches `at`. */
export interface Deadline {
  id: string;
  what: 'expireHold' | 'expireSession' | 'openDispute' | 'decideDispute' | 'settleRefund' | 'failRefund';
  of: string;
  at: number;
  detail?: string;
}

interface StoredAnswer {
  id: string;
  fingerprint: string;
  status: number;
  body: unknown;
  /** In seconds. */
  at: number;
}

interface AccountLink {
  id: string;
  account: string;
  expires: number;
  returnUrl: string;
  refreshUrl: string;
}

/** All that the emulator remembers. */
export interface Kinds {
  customer: Customer;
  payment_method: PaymentMethod;
  payment_intent: PaymentIntent;
  charge: Charge;
  refund: Refund;
  balance_transaction: BalanceTransaction;
  purse: Purse;
  dispute: Dispute;
  checkout_session: CheckoutSession;
  account: Account;
  transfer: Transfer;
  transfer_reversal: TransferReversal;
  event: StripeEvent;
  webhook_endpoint: WebhookEndpoint;
  account_link: AccountLink;
  delivery: Delivery;
  deadline: Deadline;
  stored_answer: StoredAnswer;
}

export const KINDS: readonly (keyof Kinds)[] = [
  'customer',
  'payment_method',
  'payment_intent',
  'charge',
  'refund',
  'balance_transaction',
  'purse',
  'dispute',
  'checkout_session',
  'account',
  'transfer',
  'transfer_reversal',
  'event',
  'webhook_endpoint',
  'account_link',
  'delivery',
  'deadline',
  'stored_answer',
];
