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

  // What was offered, with everything that it was made of. Nobody's while whoever asked is not signed in. A reference to
  // the listing would lock and rewrite its row with every quote; a quote of a listing that is gone is read by nobody,
  // and goes in its time.
  await run(`create table quotes (
    id uuid primary key,
    listing_id uuid not null,
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

  await seedFeeSchedule(db);
  await seedPolicies(db);
}

/** Before any stay that is booked here. */
const SINCE = '2020-01-01T00:00:00Z';
const seedId = (number: number) => `016f5e66-e800-7000-8000-${String(number).padStart(12, '0')}`;

async function seedFeeSchedule(db: Kysely<unknown>): Promise<void> {
  await sql`insert into fee_schedules (id, name, mode, host_fee_bps, guest_fee_bps, effective_from, created_at)
    values (${seedId(1)}, 'Standard', 'split', 300, 1420, ${SINCE}, ${SINCE})`.execute(db);
}

const days = (count: number, percent: number) => ({ hoursBeforeCheckIn: count * 24, percent });
const kept = (nights: number, percentOfRest: number) => ({ nights, percentOfRest });
const NOTHING_BACK = { late: kept(0, 100), during: kept(0, 100) };
const DAY_TO_THINK = { grace: { hours: 24, daysBeforeCheckIn: 7 } };
const steps = (...all: ReturnType<typeof days>[]) => ({ steps: all, ...NOTHING_BACK, ...DAY_TO_THINK });

// As in the public terms of Airbnb and Vrbo, read in November 2026.
const POLICIES = [
  ['flexible', 'Flexible', { ...steps(days(1, 100)), late: kept(1, 0), during: kept(1, 0) }],
  ['moderate', 'Moderate', { ...steps(days(5, 100)), late: kept(1, 50), during: kept(1, 50) }],
  ['limited', 'Limited', steps(days(14, 100), days(7, 50))],
  ['firm', 'Firm', steps(days(30, 100), days(7, 50))],
  ['strict', 'Strict', steps(days(7, 50))],
  ['nonRefundable', 'Non-refundable', { ...steps(), grace: null }],
  ['firmLongTerm', 'Firm, long stays', { ...steps(days(30, 100)), late: kept(30, 0), during: kept(30, 0) }],
  [
    'strictLongTerm',
    'Strict, long stays',
    { steps: [], late: kept(30, 0), during: kept(30, 0), grace: { hours: 48, daysBeforeCheckIn: 28 } },
  ],
  ['vrboRelaxed', 'Relaxed (Vrbo)', steps(days(14, 100), days(7, 50))],
  ['vrboModerate', 'Moderate (Vrbo)', steps(days(30, 100), days(14, 50))],
  ['vrboFirm', 'Firm (Vrbo)', steps(days(60, 100), days(30, 50))],
  ['vrboStrict', 'Strict (Vrbo)', steps(days(60, 100))],
] as const;

async function seedPolicies(db: Kysely<unknown>): Promise<void> {
  const rows = POLICIES.map(([key, name, terms], index) => ({ id: seedId(index + 1), key, name, terms }));
  await sql`insert into cancellation_policies (id, key, name, terms, effective_from, created_at)
    select id, key, name, terms, ${SINCE}::timestamptz, ${SINCE}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as rows (id uuid, key text, name text, terms jsonb)`.execute(
    db,
  );
}
