import { sql } from 'kysely';
import type { Db } from '../../platform/context.ts';
import type { Standing } from '../model/allocation.ts';

interface Sums {
  paid: number;
  host: number;
  platform: number;
  taxes: number;
  refunds: number;
}

/** How the money for one thing stands. All of it is of one currency. */
export async function readStanding(db: Db, reference: string): Promise<Standing> {
  const { rows } = await sql<Sums>`
    select
      coalesce(-sum(p.amount) filter (where t.kind = 'charge' and p.account = 'guestPayments'), 0)::bigint as paid,
      coalesce(-sum(p.amount) filter (where t.kind = 'allocation' and p.account = 'hostPayable'), 0)::bigint as host,
      coalesce(-sum(p.amount) filter (where t.kind = 'allocation' and p.account = 'platformRevenue'), 0)::bigint as platform,
      coalesce(-sum(p.amount) filter (where t.kind = 'allocation' and p.account = 'taxesPayable'), 0)::bigint as taxes,
      coalesce(-sum(p.amount) filter (where t.kind = 'allocation' and p.account = 'refunds'), 0)::bigint as refunds
    from ledger_transactions t join ledger_postings p on p.transaction_id = t.id
    where t.reference = ${reference}`.execute(db);
  const { paid, ...shares } = rows[0]!;
  return { paid, shares };
}

/** What was charged for within a time, and whose money has no owner yet. */
export async function listUnallocated(
  db: Db,
  { since, before, limit }: { since: Date; before: Date; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ reference: string }>`
    select distinct charged.reference
    from ledger_transactions charged
    where charged.kind = 'charge' and charged.occurred_at >= ${since} and charged.occurred_at < ${before}
      and charged.reference is not null
      and (
        select sum(p.amount) from ledger_transactions t join ledger_postings p on p.transaction_id = t.id
        where t.reference = charged.reference and p.account = 'guestPayments'
      ) <> 0
    limit ${limit}`.execute(db);
  return rows.map(({ reference }) => reference);
}
