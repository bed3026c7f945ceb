import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // Calendars of other channels. Their URLs hold secrets of the host, and are kept sealed. What was read is read again
  // on another date (`read_for`), because what is to come moves on with the days.
  await run(`create table feeds (
    id uuid primary key,
    listing_id uuid not null references listings on delete cascade,
    name text not null,
    url_sealed bytea not null,
    url_host text not null,
    paused boolean not null default false,
    etag text,
    last_modified text,
    body_hash bytea,
    read_for date,
    last_fetched_at timestamptz,
    last_succeeded_at timestamptz,
    last_changed_at timestamptz,
    last_error jsonb,
    failures integer not null default 0,
    emptied_at timestamptz,
    empty_accepted boolean not null default false,
    warnings jsonb not null default '[]',
    next_fetch_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`);
  await run('create index feeds__by_listing on feeds (listing_id, id)');
  await run('create index feeds__by_next_fetch on feeds (next_fetch_at) where not paused');

  // What a feed says, whether or not it could take effect. The parts of a feed that take nights are in occupied_nights.
  await run(`create table feed_events (
    feed_id uuid not null references feeds on delete cascade,
    key text not null,
    nights daterange not null,
    summary text,
    constraint feed_events__nights_finite check (not isempty(nights) and not lower_inf(nights) and not upper_inf(nights)),
    primary key (feed_id, key)
  )`);

  // Nights that another channel sold or closed although a stay of ours is there. Each is told once.
  await run(`create table feed_conflicts (
    feed_id uuid not null,
    key text not null,
    booking_id uuid not null references bookings on delete cascade,
    found_at timestamptz not null,
    foreign key (feed_id, key) references feed_events on delete cascade,
    primary key (feed_id, key, booking_id)
  )`);
  await run('create index feed_conflicts__by_booking on feed_conflicts (booking_id)');

  // The secret of the exported calendar: found by its hash, shown to the host from its sealed form.
  await run(`create table calendar_exports (
    listing_id uuid primary key references listings on delete cascade,
    token_hash bytea not null,
    token_sealed bytea not null,
    created_at timestamptz not null
  )`);
}
