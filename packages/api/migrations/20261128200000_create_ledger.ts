import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // Each movement of money, once: `source` says what made it. `reference` is what the money is for, such as a booking.
  await run(`create table ledger_transactions (
    id uuid primary key,
    kind text not null,
    reference uuid,
    source text not null,
    stripe_transaction text,
    occurred_at timestamptz not null,
    written_by xid8 not null default pg_current_xact_id(),
    constraint ledger_transactions__once unique (source)
  )`);
  await run('create index ledger_transactions__by_reference on ledger_transactions (reference)');
  await run('create index ledger_transactions__by_time on ledger_transactions (occurred_at)');
  await run(
    'create index ledger_transactions__by_stripe on ledger_transactions (stripe_transaction) where stripe_transaction is not null',
  );

  // Debits are positive, credits negative, in minor units. What is owed to a host names the host.
  await run(`create table ledger_postings (
    id bigint generated always as identity primary key,
    transaction_id uuid not null references ledger_transactions,
    account text not null,
    owner_id uuid references users,
    currency text not null,
    amount bigint not null,
    constraint ledger_postings__account_known check (account in ('stripeBalance', 'guestPayments', 'hostPayable',
      'platformRevenue', 'taxesPayable', 'refunds', 'hostPenalties', 'stripeFees', 'disputes')),
    constraint ledger_postings__owner_of_payable check ((account = 'hostPayable') = (owner_id is not null)),
    constraint ledger_postings__amount_not_zero check (amount <> 0)
  )`);
  await run('create index ledger_postings__by_transaction on ledger_postings (transaction_id)');
  await run(
    'create index ledger_postings__by_owner on ledger_postings (owner_id, id) where owner_id is not null',
  );

  // At the end of each transaction of the database, each one of the ledger that it wrote adds up to zero, and none of an
  // earlier one was added to.
  await run(`create function check_ledger_transaction() returns trigger language plpgsql as $$
    declare
      checked uuid := case tg_table_name when 'ledger_postings' then (to_jsonb(new) ->> 'transaction_id')::uuid
        else (to_jsonb(new) ->> 'id')::uuid end;
    begin
      perform from ledger_transactions t where t.id = checked and t.written_by <> pg_current_xact_id();
      if found then
        raise exception 'the ledger transaction % is closed', checked
          using errcode = 'integrity_constraint_violation', constraint = 'ledger_transactions__closed';
      end if;
      perform from ledger_postings p where p.transaction_id = checked group by p.currency having sum(p.amount) <> 0;
      if found or not exists (select from ledger_postings p where p.transaction_id = checked) then
        raise exception 'the ledger transaction % does not add up to zero', checked
          using errcode = 'integrity_constraint_violation', constraint = 'ledger_transactions__add_up';
      end if;
      return null;
    end $$`);
  for (const table of ['ledger_transactions', 'ledger_postings'])
    await run(`create constraint trigger ${table}__add_up after insert on ${table}
      deferrable initially deferred for each row execute function check_ledger_transaction()`);

  // What is written stays: a mistake is corrected by another transaction.
  await run('revoke update, delete, truncate on ledger_transactions, ledger_postings from sojourn_app');
}
