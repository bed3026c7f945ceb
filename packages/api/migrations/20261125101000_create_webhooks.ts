import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createEndpoints(db);
  await createDeliveries(db);
  await endWithAccount(db);
}

async function createEndpoints(db: Kysely<unknown>): Promise<void> {
  // Secrets are sealed by a key of the marketplace's secret. A removed endpoint stays, emptied, until its deliveries are
  // gone: they may be millions.
  await sql`create table webhook_endpoints (
    id uuid primary key,
    user_id uuid not null references users,
    url text not null,
    description text not null,
    types text[] not null,
    all_events boolean not null,
    enabled boolean not null default true,
    disabled_reason text,
    secret bytea not null,
    previous_secret bytea,
    previous_secret_until timestamptz,
    failing_since timestamptz,
    consecutive_failures integer not null default 0,
    rest_until timestamptz,
    claim uuid,
    claimed_until timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    constraint webhook_endpoints__reason_known check (disabled_reason in ('owner', 'gone', 'failing')),
    constraint webhook_endpoints__disabled_for_a_reason check (enabled = (disabled_reason is null) or deleted_at is not null),
    constraint webhook_endpoints__overlap_ends check ((previous_secret is null) = (previous_secret_until is null))
  ) with (fillfactor = 50)`.execute(db);
  await sql`create index webhook_endpoints__by_user on webhook_endpoints (user_id, id) where deleted_at is null`.execute(
    db,
  );
  await sql`create index webhook_endpoints__all_events on webhook_endpoints (id) where all_events and enabled`.execute(
    db,
  );
  await sql`create index webhook_endpoints__deleted on webhook_endpoints (id) where deleted_at is not null`.execute(
    db,
  );
}

async function createDeliveries(db: Kysely<unknown>): Promise<void> {
  await sql`create table webhook_deliveries (
    endpoint_id uuid not null references webhook_endpoints,
    id uuid not null,
    kind text not null,
    event_sequence bigint,
    event_id uuid not null,
    event_type text not null,
    state text not null,
    next_attempt_at timestamptz,
    attempts jsonb not null default '[]',
    created_at timestamptz not null,
    ended_at timestamptz,
    primary key (endpoint_id, id),
    constraint webhook_deliveries__kind_known check (kind in ('event', 'redelivery', 'replay', 'test')),
    constraint webhook_deliveries__state_known check (state in ('pending', 'delivered', 'failed')),
    constraint webhook_deliveries__pending_until_ended check (
      (state = 'pending') = (next_attempt_at is not null) and (state = 'pending') = (ended_at is null)),
    constraint webhook_deliveries__tests_have_no_number check ((kind = 'test') = (event_sequence is null))
  )`.execute(db);
  // However often the events of a moment are handed out, each comes to an endpoint once.
  await sql`create unique index webhook_deliveries__event_once on webhook_deliveries (endpoint_id, event_sequence)
    where kind = 'event'`.execute(db);
  await sql`create unique index webhook_deliveries__replay_once on webhook_deliveries (endpoint_id, event_sequence)
    where kind = 'replay' and state = 'pending'`.execute(db);
  await sql`create index webhook_deliveries__due on webhook_deliveries (endpoint_id, next_attempt_at, event_sequence)
    where state = 'pending'`.execute(db);
  await sql`create index webhook_deliveries__ended on webhook_deliveries (ended_at) where ended_at is not null`.execute(
    db,
  );

  // Ids for rows that one statement makes, as `newUuid` in src/platform/id.ts makes them: PostgreSQL 16 and 17 have no
  // function of their own for UUIDv7.
  await sql`create function uuid_at(instant timestamptz) returns uuid language sql volatile parallel safe as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send(floor(extract(epoch from instant) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid
  $$`.execute(db);
}

async function endWithAccount(db: Kysely<unknown>): Promise<void> {
  // Whichever way an account is closed, in the same transaction.
  await sql`create function remove_webhook_endpoints_of_closed_account() returns trigger language plpgsql as $$ begin
    update webhook_endpoints set deleted_at = new.updated_at, enabled = false, url = '', description = '', secret = '',
      previous_secret = null, previous_secret_until = null
    where user_id = new.id and deleted_at is null;
    return null;
  end $$`.execute(db);
  await sql`create trigger users__closed_removes_webhook_endpoints after update of status on users
    for each row when (new.status = 'deleted' and old.status <> 'deleted')
    execute function remove_webhook_endpoints_of_closed_account()`.execute(db);
}
