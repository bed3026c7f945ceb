import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createEventLog(db);
  await createConsumers(db);
  await createJobs(db);
}

async function createEventLog(db: Kysely<unknown>): Promise<void> {
  // Events as they are written, in the transaction of what they tell. They stay here until they get their number, a
  // moment later: transactions commit in another order than they write (docs/adr/0007).
  await sql`create table outbox (
    position bigint generated always as identity primary key,
    id uuid not null,
    type text not null,
    subject_type text not null,
    subject_id uuid not null,
    actor jsonb,
    audience uuid[] not null,
    data jsonb not null,
    previous jsonb,
    occurred_at timestamptz not null
  ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`.execute(db);

  await sql`create table events (
    sequence bigint primary key,
    id uuid not null,
    type text not null,
    subject_type text not null,
    subject_id uuid not null,
    partition smallint not null,
    actor jsonb,
    audience uuid[] not null,
    data jsonb not null,
    previous jsonb,
    occurred_at timestamptz not null
  )`.execute(db);
  await sql`create unique index events__id_once on events (id)`.execute(db);
  await sql`create index events__by_partition on events (partition, sequence)`.execute(db);
  await sql`create index events__by_subject on events (subject_id, sequence)`.execute(db);

  // Whose world an event belongs to: what a person's own list of events reads.
  await sql`create table event_audience (
    user_id uuid not null,
    sequence bigint not null,
    primary key (user_id, sequence)
  )`.execute(db);

  // The number of the newest event. Its row is the lock of whoever gives numbers.
  await sql`create table event_head (
    only_one boolean primary key default true,
    sequence bigint not null,
    constraint event_head__only_one check (only_one)
  ) with (fillfactor = 50)`.execute(db);
  await sql`insert into event_head (sequence) values (0)`.execute(db);
  await sql`revoke insert, delete on event_head from sojourn_app`.execute(db);

  // The log is append-only: nothing of an event changes, but that personal data goes with the account that it was of.
  await sql`revoke update on events, outbox, event_audience from sojourn_app`.execute(db);
  await sql`grant update (data, previous) on events, outbox to sojourn_app`.execute(db);
}

async function createConsumers(db: Kysely<unknown>): Promise<void> {
  await sql`create table event_cursors (
    consumer text not null,
    partition smallint not null,
    sequence bigint not null,
    primary key (consumer, partition)
  ) with (fillfactor = 50)`.execute(db);

  // Events that a consumer could not take, and those of the same subject that must wait for them.
  await sql`create table event_retries (
    consumer text not null,
    sequence bigint not null references events on delete cascade,
    partition smallint not null,
    subject_id uuid not null,
    attempts integer not null,
    next_attempt_at timestamptz,
    error text,
    primary key (consumer, sequence)
  )`.execute(db);
  await sql`create index event_retries__by_partition on event_retries (consumer, partition, subject_id, sequence)`.execute(
    db,
  );
}

async function createJobs(db: Kysely<unknown>): Promise<void> {
  // What must be done, written in the transaction that wants it. A row goes when its job is done; the queue may lose
  // everything in between.
  await sql`create table jobs (
    id uuid primary key,
    queue text not null,
    name text not null,
    payload jsonb not null,
    key text,
    run_at timestamptz not null,
    dispatched_at timestamptz,
    dead_at timestamptz,
    error text,
    created_at timestamptz not null
  ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`.execute(db);
  await sql`create unique index jobs__key_once on jobs (name, key) where dispatched_at is null and dead_at is null`.execute(
    db,
  );
  await sql`create index jobs__due on jobs (run_at) where dispatched_at is null and dead_at is null`.execute(
    db,
  );
  await sql`create index jobs__dispatched on jobs (dispatched_at) where dispatched_at is not null and dead_at is null`.execute(
    db,
  );
  await sql`create index jobs__dead on jobs (queue, dead_at) where dead_at is not null`.execute(db);
}
