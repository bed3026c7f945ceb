import { isCurrency } from '@sojourn/shared/money';
import type Stripe from 'stripe';
import {
  stripeBalancesOf,
  stripeLinesOf,
  stripeTransactionsIn,
  type Window,
} from '../../ledger/service/stripe-lines.ts';
import { fromStripeAmount } from '../../payments/model/stripe-amount.ts';
import type { Context } from '../../platform/context.ts';
import type { Progress } from '../model/maintenance.ts';
import {
  type Balance,
  balancesOf,
  compare,
  type Line,
  type Reconciliation,
  tally,
} from '../model/reconciliation.ts';

export interface Period {
  /** From the beginning when undefined. */
  from?: string | undefined;
  /** Until now when undefined. */
  to?: string | undefined;
}

/**
 * Money between Stripe and the marketplace itself: what comes from its bank or goes there, and what Stripe takes for its
 * services as such, beside the fees of payments. It is nobody's booking, and so no part of the ledger.
 */
const OWN_TYPES = [
  'payout',
  'payout_cancel',
  'payout_failure',
  'topup',
  'topup_reversal',
  'stripe_fee',
  'stripe_fx_fee',
  'tax_fee',
];
/** Stripe's longest page. */
const PAGE = 100;
const TELL_EVERY = 500;

/** Compares the ledger with what Stripe tells of the same time, and what both have when that reaches to now. */
export async function reconcile(
  ctx: Context,
  { from, to }: Period,
  { tell, signal }: Progress,
): Promise<Reconciliation> {
  const until = to === undefined ? ctx.clock.now() : new Date(to);
  const reachesNow = until >= ctx.clock.now();
  const window: Window = {
    from: from === undefined ? null : secondsOf(new Date(from)),
    // Of the present second nobody knows yet all that happens in it.
    to: secondsOf(until) + (reachesNow ? 1 : 0),
  };
  const total = await stripeTransactionsIn(ctx.db, window);
  await tell(0, total);
  const found = tally();
  for await (const finding of compare(stripeLinesOf(ctx.db, window), linesAtStripe(ctx, window))) {
    signal.throwIfAborted();
    found.add(finding);
    if (found.checked % TELL_EVERY === 0) await tell(found.checked, Math.max(total, found.checked));
  }
  await tell(found.checked, found.checked);
  return {
    task: 'reconcile',
    from: from ?? null,
    to: until.toISOString(),
    ...found.result(),
    balances: reachesNow ? await compareBalances(ctx) : null,
  };
}

const secondsOf = (instant: Date) => Math.floor(instant.getTime() / 1_000);

async function* linesAtStripe({ stripe }: Context, { from, to }: Window): AsyncGenerator<Line> {
  const created = { ...(from === null ? {} : { gte: from }), lt: to };
  for await (const transaction of stripe.client.balanceTransactions.list({ created, limit: PAGE }))
    if (!OWN_TYPES.includes(transaction.type)) yield lineOf(transaction);
}

const lineOf = ({ id, amount, fee, currency, created, source }: Stripe.BalanceTransaction): Line => ({
  transaction: id,
  ...moneyOf(amount, fee, currency),
  at: created,
  source: (typeof source === 'string' ? source : source?.id) ?? '',
});

/** The fee is counted as the ledger counts it, by itself: of some currencies Stripe counts smaller parts than we do. */
function moneyOf(amount: number, fee: number, stripeCurrency: string) {
  const currency = stripeCurrency.toUpperCase();
  if (!isCurrency(currency)) return { currency, amount: amount - fee };
  return { currency, amount: fromStripeAmount(amount, currency) - fromStripeAmount(fee, currency) };
}

async function compareBalances(ctx: Context): Promise<Balance[]> {
  const [ledger, stripe, bank] = await Promise.all([
    stripeBalancesOf(ctx.db),
    balancesAtStripe(ctx),
    bankMovements(ctx),
  ]);
  return balancesOf({ ledger, stripe, bank });
}

async function balancesAtStripe({ stripe }: Context): Promise<Map<string, number>> {
  const { available, pending } = await stripe.client.balance.retrieve();
  return sumOf([...available, ...pending].map(({ amount, currency }) => moneyOf(amount, 0, currency)));
}

async function bankMovements({ stripe }: Context): Promise<Map<string, number>> {
  const sums = await Promise.all(
    OWN_TYPES.map(async (type) => {
      const moved: { currency: string; amount: number }[] = [];
      for await (const { amount, fee, currency } of stripe.client.balanceTransactions.list({
        type,
        limit: PAGE,
      }))
        moved.push(moneyOf(amount, fee, currency));
      return moved;
    }),
  );
  return sumOf(sums.flat());
}

function sumOf(money: readonly { currency: string; amount: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { currency, amount } of money) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return sums;
}
