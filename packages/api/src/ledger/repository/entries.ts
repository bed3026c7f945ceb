import { sql } from 'kysely';
import type { Context, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import { newUuid } from '../../platform/id.ts';
import type { Entry } from '../model/entry.ts';

const ENTRY_TYPES = {
  id: 'uuid',
  kind: 'text',
  reference: 'uuid',
  source: 'text',
  stripe_transaction: 'text',
  occurred_at: 'timestamptz',
} as const;
const POSTING_TYPES = {
  source: 'text',
  account: 'text',
  owner_id: 'uuid',
  currency: 'text',
  amount: 'bigint',
} as const;

/** Writes entries whose sources were not written before, in one statement; answers the sources that are new. */
export async function insertEntries(
  { clock }: Pick<Context, 'clock'>,
  tx: Tx,
  entries: readonly Entry[],
): Promise<string[]> {
  const headers = entries.map((entry) => ({
    id: newUuid(clock.now()),
    kind: entry.kind,
    reference: entry.reference,
    source: entry.source,
    stripe_transaction: entry.stripeTransaction,
    occurred_at: entry.occurredAt.toISOString(),
  }));
  const postings = entries.flatMap(({ source, postings }) =>
    postings.map(({ account, ownerId, currency, amount }) => ({
      source,
      account,
      owner_id: ownerId,
      currency,
      amount,
    })),
  );
  const { rows } = await sql<{ source: string }>`
    with written as (
      insert into ledger_transactions (id, kind, reference, source, stripe_transaction, occurred_at)
      select id, kind, reference, source, stripe_transaction, occurred_at from ${columnwise(headers, ENTRY_TYPES)} as rows
      on conflict (source) do nothing
      returning id, source
    ), posted as (
      insert into ledger_postings (transaction_id, account, owner_id, currency, amount)
      select written.id, account, owner_id, currency, amount
      from ${columnwise(postings, POSTING_TYPES)} as rows join written using (source)
    )
    select source from written`.execute(tx);
  return rows.map(({ source }) => source);
}
