import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table listings (
    id uuid primary key,
    host_id uuid not null references users,
    external_id text,
    status text not null default 'draft',
    version integer not null default 1,
    title text not null,
    description text not null,
    property_type text not null,
    room_type text not null,
    capacity integer,
    bedrooms integer,
    beds integer,
    bathrooms numeric(4, 1),
    amenities text[] not null,
    tags text[] not null,
    house_rules jsonb not null,
    latitude double precision,
    longitude double precision,
    address jsonb,
    time_zone text,
    currency text,
    base_price bigint,
    weekend_price bigint,
    cleaning_fee bigint,
    extra_guest_fee bigint,
    pet_fee bigint,
    included_guests integer,
    min_nights integer not null,
    max_nights integer not null,
    check_in_from text not null,
    check_in_until text,
    check_out_by text not null,
    languages text[] not null,
    licence_number text,
    cancellation_policy text,
    instant_book boolean not null,
    content_hash bytea not null,
    rating numeric(3, 2),
    review_count integer not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint listings__status_known check (status in ('draft', 'published', 'paused', 'archived', 'suspended')),
    constraint listings__room_type_known check (room_type in ('entirePlace', 'privateRoom', 'sharedRoom', 'hotelRoom')),
    constraint listings__nights_ordered check (min_nights between 1 and max_nights),
    constraint listings__prices_not_negative check (least(base_price, weekend_price, cleaning_fee, extra_guest_fee, pet_fee) >= 0),
    constraint listings__prices_have_currency check (currency is not null or num_nonnulls(base_price, weekend_price, cleaning_fee, extra_guest_fee, pet_fee) = 0),
    constraint listings__point_whole check (num_nonnulls(latitude, longitude) in (0, 2)),
    constraint listings__publishable check (status <> 'published' or (
      description <> '' and latitude is not null and time_zone is not null and capacity is not null
      and base_price > 0 and cancellation_policy is not null))
  )`.execute(db);
  // Listings without an id of the host's own do not collide: nulls are distinct.
  await sql`create unique index listings__external_id_once on listings (host_id, external_id)`.execute(db);
  await sql`create index listings__by_host on listings (host_id, id)`.execute(db);

  // Identity stands below listings and cannot tell them; a closed account must not go on offering homes.
  await sql`create function archive_listings_of_closed_account() returns trigger language plpgsql as $$ begin
    update listings set status = 'archived', version = version + 1, updated_at = new.updated_at
    where host_id = new.id and status <> 'archived';
    return null;
  end $$`.execute(db);
  await sql`create trigger users__closed_archives_listings after update of status on users
    for each row when (new.status = 'deleted' and old.status <> 'deleted')
    execute function archive_listings_of_closed_account()`.execute(db);

  await sql`create table listing_photos (
    id uuid primary key,
    listing_id uuid not null references listings on delete cascade,
    position integer not null,
    url text not null,
    caption text,
    constraint listing_photos__position_once unique (listing_id, position) deferrable initially deferred
  )`.execute(db);
}
