import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run('alter table payments drop constraint payments__status_known');
  await run(`alter table payments
    add constraint payments__status_known check (status in ('requiresPaymentMethod', 'requiresAction', 'processing',
      'requiresCapture', 'succeeded', 'cancelled')),
    add column stripe_intent_id text constraint payments__intent_of_one unique,
    add column stripe_charge_id text constraint payments__charge_of_one unique,
    add column checkout_session_id text constraint payments__session_of_one unique,
    add column payment_method text,
    add column capture_requested_at timestamptz,
    add column looked_at timestamptz`);
  // What the sweep asks Stripe about when nothing is heard of it.
  await run(`create index payments__unsettled on payments (greatest(updated_at, looked_at))
    where status in ('requiresAction', 'processing', 'requiresCapture')
      or (status = 'requiresPaymentMethod' and (stripe_intent_id is not null or checkout_session_id is not null))`);

  // Who pays is a customer at Stripe, so that what a change of the stay costs can be charged later.
  await run(`create table stripe_customers (
    user_id uuid primary key references users,
    stripe_id text not null constraint stripe_customers__once unique,
    created_at timestamptz not null
  )`);

  // Each try to pay. Its id makes the key with which Stripe is called, however often.
  await run(`create table payment_attempts (
    id uuid primary key,
    payment_id uuid not null references payments,
    payment_method text not null,
    off_session boolean not null,
    status text not null,
    failure text,
    created_at timestamptz not null,
    settled_at timestamptz,
    constraint payment_attempts__status_known check (status in ('pending', 'succeeded', 'declined', 'requiresAction'))
  )`);
  await run('create index payment_attempts__by_payment on payment_attempts (payment_id, id)');
  await run(
    `create index payment_attempts__pending on payment_attempts (created_at) where status = 'pending'`,
  );

  // What is given back. A call that Stripe refused is made again under another key: it would repeat the refusal.
  await run(`create table refunds (
    id uuid primary key,
    payment_id uuid not null references payments,
    reference uuid not null,
    currency text not null,
    amount bigint not null,
    status text not null,
    stripe_refund_id text constraint refunds__once unique,
    failure text,
    refusals integer not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint refunds__status_known check (status in ('pending', 'blocked', 'succeeded', 'failed', 'cancelled')),
    constraint refunds__amount_positive check (amount > 0)
  )`);
  await run('create index refunds__by_payment on refunds (payment_id)');
  await run('create index refunds__by_reference on refunds (reference, id)');
  await run(`create index refunds__unsettled on refunds (updated_at) where status in ('pending', 'blocked')`);

  await run(`create table disputes (
    id uuid primary key,
    payment_id uuid not null references payments,
    reference uuid not null,
    stripe_dispute_id text not null constraint disputes__once unique,
    currency text not null,
    amount bigint not null,
    status text not null,
    reason text not null,
    evidence_due_at timestamptz,
    opened_at timestamptz not null,
    closed_at timestamptz,
    looked_at timestamptz,
    constraint disputes__status_known check (status in ('open', 'won', 'lost'))
  )`);
  await run('create index disputes__by_reference on disputes (reference)');
  await run(`create index disputes__open on disputes (greatest(opened_at, looked_at)) where status = 'open'`);

  // What Stripe told, as it came: each event once, in whatever order.
  await run(`create table stripe_events (
    id text primary key,
    type text not null,
    account text,
    object_type text,
    object_id text,
    payload jsonb not null,
    created_at timestamptz not null,
    received_at timestamptz not null,
    processed_at timestamptz,
    outcome text
  )`);
  await run('create index stripe_events__waiting on stripe_events (received_at) where processed_at is null');
  await run('create index stripe_events__by_age on stripe_events (received_at)');
}
