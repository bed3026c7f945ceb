import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // What a guest pays for one thing, named by `reference`. All amounts in minor units of one currency.
  await sql`create table payments (
    id uuid primary key,
    reference uuid not null,
    payer_id uuid not null references users,
    capture text not null,
    status text not null,
    currency text not null,
    amount bigint not null,
    captured bigint not null default 0,
    refunded bigint not null default 0,
    failure text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payments__capture_known check (capture in ('automatic', 'manual')),
    constraint payments__status_known check (status in
      ('requiresPaymentMethod', 'requiresCapture', 'succeeded', 'cancelled')),
    constraint payments__amounts_ordered check (amount >= 0 and captured between 0 and amount and refunded between 0 and captured)
  )`.execute(db);
  await sql`create index payments__by_reference on payments (reference)`.execute(db);
}
