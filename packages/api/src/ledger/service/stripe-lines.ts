import type { Db } from '../../platform/context.ts';
import {
  countStripeTransactions,
  listStripeLines,
  readStripeBalances,
  type StripeLine,
} from '../repository/stripe-lines.ts';

/** Instants in seconds since 1970, `to` exclusive; null means from the beginning. */
export interface Window {
  from: number | null;
  to: number;
}

const PAGE = 1_000;

/** What the ledger knows of movements at Stripe, the newest first, a page of them in memory at a time. */
export async function* stripeLinesOf(db: Db, window: Window): AsyncGenerator<StripeLine> {
  for (let after: StripeLine | undefined; ; ) {
    const page = await listStripeLines(db, window, { after, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1);
  }
}

/** How many movements at Stripe the ledger knows. */
export const stripeTransactionsIn = (db: Db, window: Window): Promise<number> =>
  countStripeTransactions(db, window);

/** What the ledger has at Stripe, in minor units by currency. */
export const stripeBalancesOf = (db: Db): Promise<Map<string, number>> => readStripeBalances(db);
