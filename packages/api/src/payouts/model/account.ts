/**
 * A host's account at Stripe: `pending` until Stripe knows enough, `enabled` when money can go there, `restricted` when
 * Stripe wants to know more before it can (again), `closed` for good. `none` is no account at all.
 */
export const ACCOUNT_STATUSES = ['none', 'pending', 'enabled', 'restricted', 'closed'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

export interface PayoutAccount {
  hostId: string;
  /** Null until Stripe has answered. */
  stripeAccountId: string | null;
  country: string;
  status: Exclude<AccountStatus, 'none'>;
  /** What Stripe still wants to know, in its own words. */
  requirements: readonly string[];
}

/** What counts of an account at Stripe. */
export interface AccountFacts {
  transfers: string | undefined;
  payoutsEnabled: boolean;
  detailsSubmitted: boolean;
  /** Why the account is not all that it could be, in Stripe's words. */
  disabledReason: string | null;
  requirements: readonly string[];
}

/** What an account at Stripe is good for. One that is gone has no facts; one that Stripe rejected never comes back. */
export function statusOf(facts: AccountFacts | undefined): PayoutAccount['status'] {
  if (!facts || facts.disabledReason?.startsWith('rejected')) return 'closed';
  if (facts.transfers === 'active' && facts.payoutsEnabled) return 'enabled';
  return facts.detailsSubmitted && facts.requirements.length > 0 ? 'restricted' : 'pending';
}
