import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists citext`.execute(db);
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`create extension if not exists unaccent`.execute(db);

  // Roles belong to the whole server, not to one database: another database of the same server may have made it.
  await sql`do $$ begin
    create role sojourn_app nologin;
  exception when duplicate_object or unique_violation then null;
  end $$`.execute(db);
  await sql`grant sojourn_app to current_user`.execute(db);
  await sql`grant usage on schema public to sojourn_app`.execute(db);
  await sql`alter default privileges in schema public grant select, insert, update, delete on tables to sojourn_app`.execute(
    db,
  );
  await sql`alter default privileges in schema public grant usage on sequences to sojourn_app`.execute(db);

  await sql`create table idempotency_keys (
    owner text not null,
    key_hash bytea not null,
    fingerprint bytea not null,
    answer bytea not null,
    created_at timestamptz not null,
    primary key (owner, key_hash)
  )`.execute(db);
  await sql`create index idempotency_keys__by_age on idempotency_keys (created_at)`.execute(db);

  // The shape that rate-limiter-flexible expects. Unlogged: a crash forgives, and nothing is written twice.
  await sql`create unlogged table rate_limits (
    key varchar(255) primary key,
    points integer not null default 0,
    expire bigint
  )`.execute(db);
}
