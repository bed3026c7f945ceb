import { usageError } from '../../exit.ts';
import { toCurrency, toMoney } from '../money.ts';
import type { TermFlags } from './term-flags.ts';

/** What is to hold on the dates of a range: null gives it back to the season, or else the listing. */
export interface Terms {
  price?: { amount: number; currency: string } | null;
  minNights?: number | null;
  maxNights?: number | null;
  closedToArrival?: boolean | null;
  closedToDeparture?: boolean | null;
  note?: string | null;
}

const CLEARED: Terms = {
  price: null,
  minNights: null,
  maxNights: null,
  closedToArrival: null,
  closedToDeparture: null,
};

/** What the flags come to. `clear` takes back all that was set for the dates; what else is given holds instead. */
export function termsOf(
  { currency, ...flags }: TermFlags,
  { amount, flag, clear }: { amount: string | undefined; flag: string; clear: boolean },
  ownCurrency?: string,
): Terms {
  const code = currency ?? ownCurrency;
  if (amount !== undefined && code === undefined)
    throw usageError(`${flag} needs a currency.`, '--currency USD');
  const { minNights, maxNights, closedToArrival, closedToDeparture, note } = flags;
  const set: Terms = { minNights, maxNights, closedToArrival, closedToDeparture, note } as Terms;
  for (const name of Object.keys(set) as (keyof Terms)[]) if (set[name] === undefined) delete set[name];
  return {
    ...(clear && CLEARED),
    ...(amount !== undefined && { price: toMoney(amount, flag, toCurrency(code!)) }),
    ...set,
  };
}
