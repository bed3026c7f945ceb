import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // The same as before, and each listing tells of it (`listingArchived` in src/listings/events.ts).
  await sql`create or replace function archive_listings_of_closed_account() returns trigger language plpgsql as $$ begin
    with before as (
      select id, status from listings where host_id = new.id and status <> 'archived' for update
    ), archived as (
      update listings set status = 'archived', version = version + 1, updated_at = new.updated_at
      from before where listings.id = before.id
      returning listings.id, before.status as was, external_id, title, version
    )
    insert into outbox (id, type, subject_type, subject_id, audience, data, previous, occurred_at)
    select gen_random_uuid(), 'listing.archived', 'listing', id, array[new.id],
      jsonb_build_object('externalId', external_id, 'title', title, 'status', 'archived', 'version', version),
      jsonb_build_object('status', was), new.updated_at
    from archived order by id;
    return null;
  end $$`.execute(db);
}
