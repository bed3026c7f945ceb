import { movable } from '../../payments/model/stripe-amount.ts';
import type { Debt, Payout } from './payout.ts';

/** How much of a debt a payout pays. */
export interface Deduction {
  payoutId: string;
  debtId: string;
  amount: number;
}

/** A payout that is sent off: what of it pays debts, and what of it Stripe cannot move and so stays for later. */
export interface Sending {
  payout: Payout;
  deducted: number;
  /** What is left of the payout when it goes. */
  amount: number;
  leftOver: number;
}

/**
 * What payouts pay of what their hosts owe: each payout in its order pays the oldest debts of its host in its currency,
 * as far as it goes.
 *
 * @param debts oldest first
 */
export function deduct(
  payouts: readonly Payout[],
  debts: readonly Debt[],
): { sendings: Sending[]; deductions: Deduction[] } {
  const remaining = new Map(debts.map(({ id, remaining: owed }) => [id, owed]));
  const deductions: Deduction[] = [];
  const sendings = payouts.map((payout) => {
    let deducted = 0;
    for (const debt of debts) {
      if (debt.hostId !== payout.hostId || debt.currency !== payout.currency) continue;
      const amount = Math.min(remaining.get(debt.id)!, payout.amount - deducted);
      if (amount === 0) continue;
      remaining.set(debt.id, remaining.get(debt.id)! - amount);
      deducted += amount;
      deductions.push({ payoutId: payout.id, debtId: debt.id, amount });
    }
    const net = payout.amount - deducted;
    const leftOver = net - movable(net, payout.currency);
    return { payout, deducted, amount: payout.amount - leftOver, leftOver };
  });
  return { sendings, deductions };
}
