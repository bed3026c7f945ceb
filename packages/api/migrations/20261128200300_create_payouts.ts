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

  // What a host gets of one stay, or of one month of a long one. Amounts in minor units: of \`amount\`, \`deducted\` pays
  // what the host owes, the rest is sent, and \`reversed\` came back of that.
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
  await run(
    `create index payouts__due on payouts (next_attempt_at) where status in ('scheduled', 'processing', 'failed')`,
  );

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
}
