import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // The audit log reads what somebody did, newest first: by who it was, or by what was done. What it was done to has its
  // index already.
  await sql`create index events__by_actor on events ((actor ->> 'id'), sequence) where actor is not null`.execute(
    db,
  );
  await sql`create index events__by_type on events (type, sequence) where actor is not null`.execute(db);
}
