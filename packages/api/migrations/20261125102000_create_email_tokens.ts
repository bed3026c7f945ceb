import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // What mail proves: whoever opens its link reads the mail of that address. Only a hash of the token is kept. The hash
  // of the address outlives the account that had it, so that closing accounts does not free its limit of mail.
  await sql`create table email_tokens (
    token_hash bytea primary key,
    user_id uuid not null references users,
    purpose text not null,
    address_hash bytea not null,
    mail_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    constraint email_tokens__purpose_known check (purpose in ('verifyEmail', 'resetPassword'))
  )`.execute(db);
  await sql`create index email_tokens__by_user on email_tokens (user_id, purpose, created_at)`.execute(db);
  await sql`create index email_tokens__by_address on email_tokens (address_hash, purpose, created_at)`.execute(
    db,
  );
  await sql`create index email_tokens__by_expiry on email_tokens (expires_at)`.execute(db);
}
