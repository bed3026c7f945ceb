import type { Currency } from '@sojourn/shared/money';
import { sql } from 'kysely';
import type { EntryKind } from '../../ledger/model/entry.ts';
import type { Db } from '../../platform/context.ts';
import type { Balance, StatementLine } from '../model/balance.ts';

/** How a host's money stands at an instant, of each currency there ever was any. */
export async function readBalances(db: Db, hostId: string, now: Date): Promise<Balance[]> {
  const { rows } = await sql<Balance>`
    with waiting as (
      select p.currency, p.amount,
        p.status = 'failed'
          or exists (select from disputes d where d.reference = p.booking_id and d.status = 'open')
          or (p.due_at <= ${now} and not exists (
            select from payout_accounts a where a.host_id = p.host_id and a.status = 'enabled')) as held
      from payouts p
      where p.host_id = ${hostId} and p.status in ('scheduled', 'failed')
    ), parts as (
      select currency, case when held then 'onHold' else 'upcoming' end as part, amount from waiting
      union all
      select currency, case status when 'paid' then 'paid' else 'inTransit' end, amount - deducted - reversed
      from payouts where host_id = ${hostId} and status in ('processing', 'paid')
      union all
      select currency, 'owed', remaining from host_debts where host_id = ${hostId} and remaining > 0
      union all
      select p.currency, 'owed', r.amount from payout_reversals r join payouts p on p.id = r.payout_id
      where p.host_id = ${hostId} and r.status = 'pending'
    )
    select currency,
      coalesce(sum(amount) filter (where part = 'upcoming'), 0)::bigint as upcoming,
      coalesce(sum(amount) filter (where part = 'onHold'), 0)::bigint as "onHold",
      coalesce(sum(amount) filter (where part = 'inTransit'), 0)::bigint as "inTransit",
      coalesce(sum(amount) filter (where part = 'paid'), 0)::bigint as paid,
      coalesce(sum(amount) filter (where part = 'owed'), 0)::bigint as owed
    from parts group by currency order by currency`.execute(db);
  return rows;
}

export interface LineFilter {
  hostId: string;
  from: string | undefined;
  to: string | undefined;
  currency: Currency | undefined;
}

/**
 * What changed what is owed to a host, in the order in which it was written, so that no line changes once it is there.
 * One more than `limit` when there are more.
 */
export async function listLines(
  db: Db,
  { hostId, from, to, currency }: LineFilter,
  { after, limit }: { after: number; limit: number },
): Promise<StatementLine[]> {
  const { rows } = await sql<Omit<StatementLine, 'kind' | 'currency'> & { kind: string; currency: string }>`
    with lines as (
      select id, transaction_id, currency, -amount as amount,
        sum(-amount) over (partition by currency order by id)::bigint as balance
      from ledger_postings
      where owner_id = ${hostId} and account = 'hostPayable'
        and (${currency ?? null}::text is null or currency = ${currency ?? null})
    )
    select l.id as place, t.occurred_at as "occurredAt", t.kind, t.reference as "bookingId",
      listings.title as "listingTitle", l.currency, l.amount, l.balance
    from lines l join ledger_transactions t on t.id = l.transaction_id
      left join bookings b on b.id = t.reference
      left join listings on listings.id = b.listing_id
    where l.id > ${after}
      and (${from ?? null}::date is null or t.occurred_at >= ${from ?? null}::date at time zone 'UTC')
      and (${to ?? null}::date is null or t.occurred_at < ${to ?? null}::date at time zone 'UTC')
    order by l.id limit ${limit + 1}`.execute(db);
  return rows.map((row) => ({ ...row, kind: row.kind as EntryKind, currency: row.currency as Currency }));
}
