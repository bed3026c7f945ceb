import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table users (
    id uuid primary key,
    email citext not null,
    email_verified_at timestamptz,
    password_hash text not null,
    display_name text not null,
    role text not null default 'user',
    status text not null default 'active',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint users__role_known check (role in ('user', 'support', 'admin')),
    constraint users__status_known check (status in ('active', 'suspended', 'deleted'))
  )`.execute(db);
  // An address belongs to whoever proved it. Until then any number of accounts may carry it, so that registering
  // tells nobody whether an account exists.
  await sql`create unique index users__verified_email_once on users (email) where email_verified_at is not null and status <> 'deleted'`.execute(
    db,
  );
  await sql`create index users__by_email on users (email, created_at) where status <> 'deleted'`.execute(db);

  // Accounts of one address share a salt, made from the address and this key (docs/adr/0002): one row, never changed.
  await sql`create table password_salt_key (
    only_one boolean primary key default true,
    key bytea not null,
    constraint password_salt_key__only_one check (only_one)
  )`.execute(db);
  await sql`insert into password_salt_key (key) values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))`.execute(
    db,
  );
  await sql`revoke insert, update, delete on password_salt_key from sojourn_app`.execute(db);

  // Consecutive wrong passwords, by a hash of what was tried. Unlogged: a crash of the database forgives.
  await sql`create unlogged table password_failures (
    subject_hash bytea primary key,
    failures integer not null,
    last_failed_at timestamptz not null,
    refused_until timestamptz
  )`.execute(db);
  await sql`create index password_failures__by_age on password_failures (last_failed_at)`.execute(db);

  // A refresh token is a family, which lives as long as the session, and a secret, which changes with each use.
  await sql`create table sessions (
    id uuid primary key,
    user_id uuid not null references users,
    family_hash bytea not null,
    refresh_hash bytea not null,
    previous_refresh_hash bytea,
    rotated_at timestamptz not null,
    user_agent text,
    address text,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_reason text,
    constraint sessions__ended_reason_known check (ended_reason in ('logout', 'revoked', 'reuse', 'passwordChanged', 'accountClosed')),
    constraint sessions__end_has_reason check ((ended_at is null) = (ended_reason is null))
  )`.execute(db);
  await sql`create unique index sessions__family_once on sessions (family_hash)`.execute(db);
  await sql`create index sessions__by_user on sessions (user_id, id)`.execute(db);
  await sql`create index sessions__by_expiry on sessions (expires_at)`.execute(db);

  await sql`create table api_keys (
    id uuid primary key,
    user_id uuid not null references users,
    name text not null,
    prefix text not null,
    secret_hash bytea not null,
    scopes text[] not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz
  )`.execute(db);
  await sql`create unique index api_keys__secret_once on api_keys (secret_hash)`.execute(db);
  await sql`create index api_keys__by_user on api_keys (user_id, id)`.execute(db);
}
