import { type Kysely, sql } from 'kysely';

// What a marketplace may change about money, as data with the moment from which it holds. Rows are never changed: a new
// one takes over at its moment, and what was agreed before keeps its own copy.

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // Shares in hundredths of a percent (basis points) of the subtotal.
  await run(`create table fee_schedules (
    id uuid primary key,
    name text not null,
    mode text not null,
    host_fee_bps integer not null,
    guest_fee_bps integer not null,
    effective_from timestamptz not null,
    created_at timestamptz not null,
    constraint fee_schedules__mode_known check (mode in ('split', 'hostOnly')),
    constraint fee_schedules__shares_sane check (host_fee_bps between 0 and 5000 and guest_fee_bps between 0 and 5000
      and (mode = 'split' or guest_fee_bps = 0)),
    constraint fee_schedules__one_at_a_time unique (effective_from)
  )`);

  await run(`create table cancellation_policies (
    id uuid primary key,
    key text not null,
    name text not null,
    terms jsonb not null,
    effective_from timestamptz not null,
    created_at timestamptz not null,
    constraint cancellation_policies__one_at_a_time unique (key, effective_from)
  )`);

  await run(`create table tax_rules (
    id uuid primary key,
    name text not null,
    country text not null,
    region text,
    city text,
    kind text not null,
    bps integer,
    amount bigint,
    currency text,
    inclusive boolean not null default false,
    max_nights integer,
    effective_from timestamptz not null,
    effective_until timestamptz,
    created_at timestamptz not null,
    constraint tax_rules__kind_known check (kind in ('percent', 'perNight', 'perGuestNight')),
    constraint tax_rules__kind_whole check (case when kind = 'percent'
      then bps between 0 and 10000 and num_nonnulls(amount, currency) = 0
      else bps is null and amount >= 0 and currency is not null and not inclusive end)
  )`);
  await run('create index tax_rules__by_country on tax_rules (country)');

  // What was offered, with everything that it was made of. Nobody's while whoever asked is not signed in.
  await run(`create table quotes (
    id uuid primary key,
    listing_id uuid not null references listings on delete cascade,
    guest_id uuid references users,
    check_in date not null,
    check_out date not null,
    guests integer not null,
    pets integer not null,
    terms jsonb not null,
    total bigint not null,
    currency text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint quotes__nights_ordered check (check_in < check_out),
    constraint quotes__total_not_negative check (total >= 0)
  )`);
  await run('create index quotes__by_expiry on quotes (expires_at)');
  await run('create index quotes__by_listing on quotes (listing_id)');
}
