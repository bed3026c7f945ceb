import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // One row tells of one event or, for kinds that come in thousands, of all the events of some minutes. Those that a
  // person did not want in the list are kept all the same when they go out by mail: the mail is written from the row.
  await sql`create table notifications (
    id uuid primary key,
    user_id uuid not null references users,
    kind text not null,
    slot text not null,
    events int8multirange not null,
    data jsonb not null,
    in_app boolean not null,
    created_at timestamptz not null,
    read_at timestamptz,
    mailed_at timestamptz
  )`.execute(db);
  // What makes an event be told once, and what more events of a kind are added to (src/notifications/model.ts).
  await sql`create unique index notifications__slot_once on notifications (user_id, kind, slot)`.execute(db);
  await sql`create index notifications__by_user on notifications (user_id, id) where in_app`.execute(db);
  await sql`create index notifications__unread on notifications (user_id, id) where in_app and read_at is null`.execute(
    db,
  );
  await sql`create index notifications__by_age on notifications (created_at)`.execute(db);

  // Only what a person decided; everything else is as the kind has it.
  await sql`create table notification_preferences (
    user_id uuid not null references users,
    kind text not null,
    channel text not null,
    enabled boolean not null,
    updated_at timestamptz not null,
    primary key (user_id, kind, channel),
    constraint notification_preferences__channel_known check (channel in ('inApp', 'mail'))
  )`.execute(db);

  // Whichever way an account is closed, in the same transaction.
  await sql`create function remove_notifications_of_closed_account() returns trigger language plpgsql as $$ begin
    delete from notifications where user_id = new.id;
    delete from notification_preferences where user_id = new.id;
    return null;
  end $$`.execute(db);
  await sql`create trigger users__closed_removes_notifications
    after update of status on users for each row when (new.status = 'deleted' and old.status <> 'deleted')
    execute function remove_notifications_of_closed_account()`.execute(db);
}
