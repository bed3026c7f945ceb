import type { Currency } from '@sojourn/shared/money';

/**
 * `scheduled` waits for its time, `processing` is being sent, `paid` has arrived in the host's account at Stripe. One that
 * `failed` is tried again; `cancelled` is no longer owed.
 */
export const PAYOUT_STATUSES = ['scheduled', 'processing', 'paid', 'failed', 'cancelled'] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

/** Why a payout could not be sent, or not be taken back. */
export const PAYOUT_FAILURES = [
  'accountClosed',
  'accountRestricted',
  'balanceInsufficient',
  'refused',
] as const;
export type PayoutFailure = (typeof PAYOUT_FAILURES)[number];

/** What a host gets of one stay, or of one month of a long one. Amounts are minor units. */
export interface Payout {
  id: string;
  hostId: string;
  bookingId: string;
  currency: Currency;
  amount: number;
  /** What of it pays what the host owes. The rest is sent. */
  deducted: number;
  /** What came back of what was sent. */
  reversed: number;
  status: PayoutStatus;
  dueAt: Date;
  nextAttemptAt: Date;
  /** How often it was sent off; the number of the last time is part of the key that Stripe knows it by. */
  attempts: number;
  failure: PayoutFailure | null;
  /** Where the last attempt goes, and the charge that it is taken from; null where it is taken from the balance. */
  stripeAccountId: string | null;
  sourceCharge: string | null;
  stripeTransferId: string | null;
  paidAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What is sent to the host. */
export const netOf = ({ amount, deducted }: Pick<Payout, 'amount' | 'deducted'>): number => amount - deducted;

export type ReversalStatus = 'pending' | 'succeeded' | 'failed';

/** What is taken back of a payout that was paid. */
export interface Reversal {
  id: string;
  payoutId: string;
  amount: number;
  status: ReversalStatus;
}

export const DEBT_KINDS = ['penalty', 'reversal'] as const;
export type DebtKind = (typeof DEBT_KINDS)[number];

/** What a host owes: taken from the next payouts in its currency. */
export interface Debt {
  id: string;
  hostId: string;
  bookingId: string;
  kind: DebtKind;
  currency: Currency;
  amount: number;
  remaining: number;
  createdAt: Date;
}

const HOUR_MS = 3_600_000;
const LONGEST_WAIT_HOURS = 24;

/** When a payout that failed is tried again: after an hour, then after twice as long each time, up to a day. */
export const nextAttemptAfter = (attempts: number, now: Date): Date =>
  new Date(now.getTime() + Math.min(2 ** (attempts - 1), LONGEST_WAIT_HOURS) * HOUR_MS);
