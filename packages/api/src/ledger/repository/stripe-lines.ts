import { sql } from 'kysely';
import type { Db } from '../../platform/context.ts';

/** What the ledger knows of one movement at Stripe. */
export interface StripeLine {
  /** The balance transaction of Stripe. */
  transaction: string;
  currency: string;
  /** The sum of all entries that mirror it, such as a charge less its fee. */
  amount: number;
  /** In seconds since 1970. */
  at: number;
  source: string;
}

/** The place of a line in their order. */
export type LinePosition = Pick<StripeLine, 'at' | 'transaction' | 'currency'>;

/** Movements in `[from, to)`, the newest first. Seconds since 1970; without `from` from the beginning. */
export async function listStripeLines(
  db: Db,
  window: { from: number | null; to: number },
  { after, limit }: { after: LinePosition | undefined; limit: number },
): Promise<StripeLine[]> {
  const since = window.from === null ? sql`` : sql`and t.occurred_at >= to_timestamp(${window.from})`;
  const beyond = after
    ? sql`and t.occurred_at < to_timestamp(${after.at + 1})
        and (extract(epoch from date_trunc('second', t.occurred_at)), t.stripe_transaction, p.currency)
          < (${after.at}, ${after.transaction}, ${after.currency})`
    : sql``;
  const { rows } = await sql<StripeLine>`
    select t.stripe_transaction as transaction, p.currency, sum(p.amount)::bigint as amount,
      extract(epoch from date_trunc('second', t.occurred_at))::bigint as at, min(t.source) as source
    from ledger_transactions t join ledger_postings p on p.transaction_id = t.id
    where p.account = 'stripeBalance' and t.stripe_transaction is not null
      and t.occurred_at < to_timestamp(${window.to}) ${since} ${beyond}
    group by date_trunc('second', t.occurred_at), t.stripe_transaction, p.currency
    order by date_trunc('second', t.occurred_at) desc, t.stripe_transaction desc, p.currency desc
    limit ${limit}`.execute(db);
  return rows;
}

/** How many movements at Stripe the ledger knows in `[from, to)`. */
export async function countStripeTransactions(
  db: Db,
  { from, to }: { from: number | null; to: number },
): Promise<number> {
  const since = from === null ? sql`` : sql`and occurred_at >= to_timestamp(${from})`;
  const { rows } = await sql<{ count: number }>`
    select count(distinct stripe_transaction)::int as count from ledger_transactions
    where stripe_transaction is not null and occurred_at < to_timestamp(${to}) ${since}`.execute(db);
  return rows[0]!.count;
}

/** What the ledger has at Stripe, in minor units by currency. */
export async function readStripeBalances(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ currency: string; amount: number }>`
    select currency, sum(amount)::bigint as amount from ledger_postings
    where account = 'stripeBalance' group by currency`.execute(db);
  return new Map(rows.map(({ currency, amount }) => [currency, amount]));
}
