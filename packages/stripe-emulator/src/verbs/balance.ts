import { chargeFee } from '../money.ts';
import {
  type BalanceTransaction,
  type Movement,
  newBalanceTransaction,
} from '../objects/balance-transaction.ts';
import type { Charge } from '../objects/charge.ts';
import { balanceOf, newPurse, putInto } from '../objects/purse.ts';
import type { Work } from '../work.ts';

const DAY = 86_400;

/** Changes the balance of the platform, for a reason that stays on record. */
export function moveBalance(work: Work, movement: Movement, availableOn = work.now): BalanceTransaction {
  const moved = work.put('balance_transaction', newBalanceTransaction(work.now, availableOn, movement));
  if (!work.get('purse', moved.currency)) work.put('purse', newPurse(moved.currency));
  putInto(work.edit('purse', moved.currency), moved.net, availableOn, work.now);
  return moved;
}

/** The money of a charge comes in. */
export function takeIn(work: Work, charge: Charge, amount: number): BalanceTransaction {
  const movement: Movement = {
    type: 'charge',
    category: 'charge',
    source: charge.id,
    amount,
    currency: charge.currency,
    fee: chargeFee(amount, charge.currency),
    description: charge.description,
  };
  const days = charge._.card?.isImmediate ? 0 : work.pendingDays;
  return moveBalance(work, movement, work.now + days * DAY);
}

/** What can be sent on in a currency. */
export function availableIn(work: Work, currency: string): number {
  const purse = work.get('purse', currency);
  return purse ? balanceOf(purse, work.now).available : 0;
}
