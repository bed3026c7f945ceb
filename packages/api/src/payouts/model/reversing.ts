import { movable } from '../../payments/model/stripe-amount.ts';
import { netOf, type Payout } from './payout.ts';

/** A payout that was paid, with what is being taken back of it already. */
export interface Paid extends Payout {
  /** What is ordered to come back and has not yet. */
  reversing: number;
}

export interface Reversing {
  payoutId: string;
  amount: number;
}

/**
 * How a sum is taken back from what a host got for a booking: from the newest payout first, from none more than was sent
 * of it, in amounts that Stripe can move. What cannot be taken back like this is owed.
 *
 * @param paid oldest first
 */
export function reversalsFrom(
  paid: readonly Paid[],
  amount: number,
): { reversals: Reversing[]; owed: number } {
  let owed = amount;
  const reversals = paid
    .toReversed()
    .map((payout) => {
      const left = netOf(payout) - payout.reversed - payout.reversing;
      const share = movable(Math.min(owed, left), payout.currency);
      owed -= share;
      return { payoutId: payout.id, amount: share };
    })
    .filter((reversal) => reversal.amount > 0);
  return { reversals, owed };
}
