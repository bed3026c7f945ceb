import type { Currency } from '@sojourn/shared/money';
import { account, type Posting, payableTo } from './entry.ts';

/** Who has which share of what was paid for one thing, in minor units of one currency. */
export interface Shares {
  host: number;
  platform: number;
  taxes: number;
  /** What the payer gets back, or got. */
  refunds: number;
}

/** How the money for one thing stands. */
export interface Standing {
  /** All that was ever paid for it. */
  paid: number;
  /** What is written of the shares. */
  shares: Shares;
}

export const NO_SHARES: Shares = { host: 0, platform: 0, taxes: 0, refunds: 0 };

/** The shares of which the payer gets what nobody else has. */
export const withRest = (paid: number, kept: Omit<Shares, 'refunds'>): Shares => ({
  ...kept,
  refunds: paid - kept.host - kept.platform - kept.taxes,
});

/** What must be written so that the shares are these and not those. Nothing when they are the same. */
export function postingsBetween(
  was: Shares,
  is: Shares,
  { hostId, currency }: { hostId: string; currency: Currency },
): Posting[] {
  const moves = [
    { ...payableTo(hostId), amount: was.host - is.host },
    { ...account('platformRevenue'), amount: was.platform - is.platform },
    { ...account('taxesPayable'), amount: was.taxes - is.taxes },
    { ...account('refunds'), amount: was.refunds - is.refunds },
  ];
  const rest = -moves.reduce((sum, { amount }) => sum + amount, 0);
  return [...moves, { ...account('guestPayments'), amount: rest }]
    .filter(({ amount }) => amount !== 0)
    .map((posting) => ({ ...posting, currency }));
}
