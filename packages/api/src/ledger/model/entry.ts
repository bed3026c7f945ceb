import type { Currency } from '@sojourn/shared/money';

/**
 * The accounts of the ledger. `stripeBalance` is the money that the marketplace has at Stripe; `guestPayments` is what
 * guests paid that nobody has a share of yet. Of the others, credits say who it belongs to: hosts, the marketplace, the
 * tax offices, guests who get something back; `hostPenalties` is what hosts paid for cancelling, `stripeFees` what Stripe
 * took, and `disputes` what banks took back while it is not decided who is right.
 */
export const ACCOUNTS = [
  'stripeBalance',
  'guestPayments',
  'hostPayable',
  'platformRevenue',
  'taxesPayable',
  'refunds',
  'hostPenalties',
  'stripeFees',
  'disputes',
] as const;
export type Account = (typeof ACCOUNTS)[number];

/** What moves money. Of these, only `allocation` and `penalty` move none at Stripe. */
export const ENTRY_KINDS = [
  'charge',
  'stripeFee',
  'allocation',
  'refund',
  'refundFailure',
  'transfer',
  'transferReversal',
  'penalty',
  'dispute',
  'disputeFee',
  'disputeReversal',
  'disputeLoss',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** One side of an entry, in minor units: debits are positive, credits negative. */
export interface Posting {
  account: Account;
  /** The host, of `hostPayable`; null for every other account. */
  ownerId: string | null;
  currency: Currency;
  amount: number;
}

/** One movement of money. Its postings add up to zero in each currency. */
export interface Entry {
  kind: EntryKind;
  /** What made it, such as `charge:ch_…`: an entry is written once for each source. */
  source: string;
  /** What the money is for, such as a booking. */
  reference: string | null;
  /** The balance transaction of Stripe that it mirrors. */
  stripeTransaction: string | null;
  /** When it happened, at Stripe where it happened there. */
  occurredAt: Date;
  postings: Posting[];
}

/** A debit of one account and a credit of another; nothing of a sum of zero. */
export function move(
  from: Pick<Posting, 'account' | 'ownerId'>,
  to: Pick<Posting, 'account' | 'ownerId'>,
  money: { amount: number; currency: Currency },
): Posting[] {
  if (money.amount === 0) return [];
  return [
    { ...to, currency: money.currency, amount: money.amount },
    { ...from, currency: money.currency, amount: -money.amount },
  ];
}

export const account = (name: Exclude<Account, 'hostPayable'>) => ({ account: name, ownerId: null });
export const payableTo = (hostId: string) => ({ account: 'hostPayable' as const, ownerId: hostId });
