import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // Where a host's money goes: a connected account at Stripe.
  await run(`create table payout_accounts (
    host_id uuid primary key references users,
    stripe_account_id text constraint payout_accounts__once unique,
    country text not null,
    status text not null,
    requirements text[] not null default '{}',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payout_accounts__status_known check (status in ('pending', 'enabled', 'restricted', 'closed'))
  )`);

  // Of those that are not ready Stripe is asked now and then.
  await run(
    `create index payout_accounts__unready on payout_accounts (updated_at) where status in ('pending', 'restricted')`,
  );

  // What a host gets of one stay, or of one month of a long one. Amounts in minor units: of \`amount\`, \`deducted\` pays
  // what the host owes, the rest is sent, and \`reversed\` came back of that. Where it goes and the charge that it is
  // taken from are written down before it is sent, so that sending it again asks Stripe for exactly the same.
  await run(`create table payouts (
    id uuid primary key,
    host_id uuid not null references users,
    booking_id uuid not null references bookings,
    currency text not null,
    amount bigint not null,
    deducted bigint not null default 0,
    reversed bigint not null default 0,
    status text not null,
    due_at timestamptz not null,
    next_attempt_at timestamptz not null,
    attempts integer not null default 0,
    failure text,
    stripe_account_id text,
    source_charge text,
    stripe_transfer_id text constraint payouts__once unique,
    paid_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payouts__status_known check (status in ('scheduled', 'processing', 'paid', 'failed', 'cancelled')),
    constraint payouts__amounts_ordered check (amount > 0 and deducted between 0 and amount
      and reversed between 0 and amount - deducted)
  )`);
  await run('create index payouts__by_host on payouts (host_id, id)');
  await run('create index payouts__by_booking on payouts (booking_id)');
  await run(`create index payouts__due on payouts (next_attempt_at) where status in ('scheduled', 'failed')`);
  await run(`create index payouts__under_way on payouts (updated_at) where status = 'processing'`);

  await run(`create table payout_reversals (
    id uuid primary key,
    payout_id uuid not null references payouts,
    amount bigint not null,
    status text not null,
    failure text,
    stripe_reversal_id text constraint payout_reversals__once unique,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payout_reversals__status_known check (status in ('pending', 'succeeded', 'failed')),
    constraint payout_reversals__amount_positive check (amount > 0)
  )`);
  await run('create index payout_reversals__by_payout on payout_reversals (payout_id)');
  await run(
    `create index payout_reversals__unsettled on payout_reversals (updated_at) where status = 'pending'`,
  );

  // What a host owes, taken from the next payouts: penalties, and what could not be taken back of a transfer.
  await run(`create table host_debts (
    id uuid primary key,
    host_id uuid not null references users,
    booking_id uuid not null references bookings,
    kind text not null,
    currency text not null,
    amount bigint not null,
    remaining bigint not null,
    created_at timestamptz not null,
    constraint host_debts__kind_known check (kind in ('penalty', 'reversal')),
    constraint host_debts__remaining_within check (amount > 0 and remaining between 0 and amount)
  )`);
  await run('create index host_debts__open on host_debts (host_id, id) where remaining > 0');
  await run('create index host_debts__by_booking on host_debts (booking_id)');
  await run(`create unique index host_debts__one_penalty on host_debts (booking_id) where kind = 'penalty'`);

  // Which payout paid how much of what the host owed.
  await run(`create table payout_deductions (
    payout_id uuid not null references payouts,
    debt_id uuid not null references host_debts,
    amount bigint not null,
    primary key (payout_id, debt_id),
    constraint payout_deductions__amount_positive check (amount > 0)
  )`);
  await run('create index payout_deductions__by_debt on payout_deductions (debt_id)');

  // Nobody goes while money is still on its way to or from them. What is too little to be sent in a currency of three
  // decimals, where Stripe takes no last digit, keeps nobody.
  await run(`create function keep_account_with_payouts() returns trigger language plpgsql as $$ begin
      perform from payouts where host_id = new.id and status in ('scheduled', 'processing', 'failed')
        and not (amount < 10 and currency in ('BHD', 'JOD', 'KWD', 'OMR', 'TND'));
      if not found then
        perform from host_debts where host_id = new.id and remaining > 0;
      end if;
      if not found then
        perform from payout_reversals r join payouts p on p.id = r.payout_id
          where p.host_id = new.id and r.status = 'pending';
      end if;
      if found then
        raise exception 'the account % has payouts that are not over', new.id
          using errcode = 'integrity_constraint_violation', constraint = 'users__closed_without_payouts';
      end if;
      return new;
    end $$`);
  await run(`create trigger users__closed_without_payouts before update of status on users
    for each row when (new.status = 'deleted' and old.status <> 'deleted')
    execute function keep_account_with_payouts()`);
}
