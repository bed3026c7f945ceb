import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run(`create table bookings (
    id uuid primary key,
    quote_id uuid not null,
    listing_id uuid not null constraint bookings__of_listing references listings,
    host_id uuid not null references users,
    guest_id uuid not null references users,
    status text not null,
    version integer not null default 1,
    instant boolean not null,
    check_in date not null,
    check_out date not null,
    guests integer not null,
    pets integer not null,
    check_in_at timestamptz not null,
    check_out_at timestamptz not null,
    terms jsonb not null,
    currency text not null,
    total bigint not null,
    message text,
    hold_expires_at timestamptz,
    respond_by timestamptz,
    confirmed_at timestamptz,
    checked_in_at timestamptz,
    checked_out_at timestamptz,
    ended_at timestamptz,
    decline_reason text,
    cancelled_by text,
    cancellation jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint bookings__status_known check (status in ('held', 'requested', 'confirmed', 'checkedIn', 'completed',
      'noShow', 'declined', 'expired', 'cancelled')),
    constraint bookings__nights_ordered check (check_in < check_out and check_in_at < check_out_at),
    constraint bookings__cancelled_whole check ((status = 'cancelled') = (cancelled_by is not null)
      and (cancelled_by is null or cancelled_by in ('guest', 'host', 'admin'))),
    constraint bookings__held_until check (status <> 'held' or hold_expires_at is not null),
    constraint bookings__answered_by check (status <> 'requested' or respond_by is not null),
    constraint bookings__quote_used_once unique (quote_id)
  )`);
  await run('create index bookings__by_guest on bookings (guest_id, id)');
  await run('create index bookings__by_host on bookings (host_id, id)');
  await run('create index bookings__by_listing on bookings (listing_id, check_in)');
  // What the clock ends.
  await run(`create index bookings__by_hold_expiry on bookings (hold_expires_at) where status = 'held'`);
  await run(`create index bookings__by_answer_due on bookings (respond_by) where status = 'requested'`);
  await run(
    `create index bookings__by_check_out on bookings (check_out_at) where status in ('confirmed', 'checkedIn')`,
  );

  // Nights are taken before their booking is written: whoever loses the race for them has written nothing.
  await run(`alter table occupied_nights add constraint occupied_nights__of_booking
    foreign key (booking_id) references bookings deferrable initially deferred`);

  // A stay that lives holds its very nights, and one that was called off holds none: whatever code runs, at the end of
  // every transaction it is so. One that is completed may hold them on: the home is prepared in the nights after it.
  await run(`create function assert_booking_has_its_nights(booking uuid) returns void language plpgsql as $$ begin
      perform from bookings b left join occupied_nights n on n.booking_id = b.id
      where b.id = booking and case
        when b.status in ('held', 'requested', 'confirmed', 'checkedIn') then
          n.nights is distinct from daterange(b.check_in, b.check_out)
          or n.listing_id <> b.listing_id
          or n.kind <> case when b.status = 'held' then 'hold' else 'booking' end
        when b.status = 'completed' then n.nights <> daterange(b.check_in, b.check_out)
        else n.id is not null end;
      if found then
        raise exception 'the nights of booking % are not those that it holds', booking
          using errcode = 'integrity_constraint_violation', constraint = 'bookings__hold_their_nights';
      end if;
    end $$`);
  await run(`create function check_nights_of_booking() returns trigger language plpgsql as $$ begin
      perform assert_booking_has_its_nights(new.id);
      return null;
    end $$`);
  await run(`create function check_booking_of_nights() returns trigger language plpgsql as $$ begin
      if tg_op <> 'INSERT' and old.booking_id is not null then
        perform assert_booking_has_its_nights(old.booking_id);
      end if;
      if tg_op <> 'DELETE' and new.booking_id is not null then
        perform assert_booking_has_its_nights(new.booking_id);
      end if;
      return null;
    end $$`);
  await run(`create constraint trigger bookings__hold_their_nights after insert or update on bookings
    deferrable initially deferred for each row execute function check_nights_of_booking()`);
  await run(`create constraint trigger occupied_nights__belong_to_bookings after insert or update or delete on occupied_nights
    deferrable initially deferred for each row execute function check_booking_of_nights()`);

  // Other dates or guests, asked for by one side and answered by the other.
  await run(`create table alterations (
    id uuid primary key,
    booking_id uuid not null references bookings,
    asked_by text not null,
    status text not null,
    check_in date not null,
    check_out date not null,
    guests integer not null,
    pets integer not null,
    terms jsonb not null,
    total bigint not null,
    price_difference bigint not null,
    message text,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    answered_at timestamptz,
    constraint alterations__asked_by_known check (asked_by in ('guest', 'host')),
    constraint alterations__status_known check (status in ('pending', 'accepted', 'declined', 'withdrawn', 'expired')),
    constraint alterations__nights_ordered check (check_in < check_out)
  )`);
  await run(
    `create unique index alterations__one_pending on alterations (booking_id) where status = 'pending'`,
  );
  await run('create index alterations__by_booking on alterations (booking_id, id)');
  await run(`create index alterations__by_expiry on alterations (expires_at) where status = 'pending'`);

  // Identity stands below bookings and cannot ask them. Whoever stays somewhere, or takes somebody in, is needed; of
  // everybody else, what they wrote goes with them.
  await run(`create function part_with_bookings_of_closed_account() returns trigger language plpgsql as $$ begin
      perform from bookings where (guest_id = new.id or host_id = new.id)
        and status in ('held', 'requested', 'confirmed', 'checkedIn');
      if found then
        raise exception 'the account % has bookings that are not over', new.id
          using errcode = 'integrity_constraint_violation', constraint = 'users__closed_without_bookings';
      end if;
      update bookings set message = null where guest_id = new.id and message is not null;
      update alterations a set message = null from bookings b
      where b.id = a.booking_id and a.message is not null
        and new.id = case a.asked_by when 'guest' then b.guest_id else b.host_id end;
      return new;
    end $$`);
  await run(`create trigger users__closed_without_bookings before update of status on users
    for each row when (new.status = 'deleted' and old.status <> 'deleted')
    execute function part_with_bookings_of_closed_account()`);
}
