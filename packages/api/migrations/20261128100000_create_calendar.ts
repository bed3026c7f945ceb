import { type Kysely, sql } from 'kysely';

// What hosts wish of the dates of a listing, and which nights are taken. Ranges of dates are half-open: `[from, to)`.

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run('create extension if not exists btree_gist');

  // How often the host's wishes changed. Whoever writes them locks this row first, so that writers of one calendar come
  // one after another.
  await run(`create table calendars (
    listing_id uuid primary key references listings on delete cascade,
    version integer not null
  )`);

  await run(`create table calendar_settings (
    listing_id uuid not null references listings on delete cascade,
    dates daterange not null,
    price bigint,
    min_nights integer,
    max_nights integer,
    closed_to_arrival boolean,
    closed_to_departure boolean,
    note text,
    constraint calendar_settings__dates_finite check (not isempty(dates) and not lower_inf(dates) and not upper_inf(dates)),
    constraint calendar_settings__price_positive check (price > 0),
    constraint calendar_settings__nights_positive check (least(min_nights, max_nights) >= 1),
    constraint calendar_settings__something_set check (
      num_nonnulls(price, min_nights, max_nights, closed_to_arrival, closed_to_departure, note) > 0),
    constraint calendar_settings__once exclude using gist (listing_id with =, dates with &&)
  )`);

  await run(`create table seasons (
    id uuid primary key,
    listing_id uuid not null references listings on delete cascade,
    name text not null,
    dates daterange not null,
    price bigint,
    weekend_price bigint,
    min_nights integer,
    max_nights integer,
    constraint seasons__dates_finite check (not isempty(dates) and not lower_inf(dates) and not upper_inf(dates)),
    constraint seasons__prices_positive check (least(price, weekend_price) > 0),
    constraint seasons__nights_positive check (least(min_nights, max_nights) >= 1),
    constraint seasons__once exclude using gist (listing_id with =, dates with &&)
  )`);

  // The host's wish that nights are not sold. Nights that are sold already stay so; what is left of the wish takes effect
  // in occupied_nights, and the rest as soon as they come free.
  await run(`create table blocks (
    id uuid primary key,
    listing_id uuid not null references listings on delete cascade,
    nights daterange not null,
    note text,
    created_at timestamptz not null,
    constraint blocks__nights_finite check (not isempty(nights) and not lower_inf(nights) and not upper_inf(nights)),
    constraint blocks__once exclude using gist (listing_id with =, nights with &&)
  )`);

  // The one truth about which nights are taken, by whatever. Stays keep as many nights free of other stays after them as
  // the host needs to prepare the home; blocks and feeds may lie there.
  await run(`create table occupied_nights (
    id uuid primary key,
    listing_id uuid not null references listings on delete cascade,
    kind text not null,
    nights daterange not null,
    preparation_nights smallint not null default 0,
    prepared daterange not null generated always as (
      daterange(lower(nights), upper(nights) + preparation_nights)) stored,
    booking_id uuid,
    constraint occupied_nights__kind_known check (kind in ('hold', 'booking', 'block', 'feed')),
    constraint occupied_nights__nights_finite check (not isempty(nights) and not lower_inf(nights) and not upper_inf(nights)),
    constraint occupied_nights__stays_have_booking check ((kind in ('hold', 'booking')) = (booking_id is not null)),
    constraint occupied_nights__only_stays_prepared check (preparation_nights between 0 and 30
      and (preparation_nights = 0 or kind in ('hold', 'booking'))),
    constraint occupied_nights__once exclude using gist (listing_id with =, nights with &&),
    constraint occupied_nights__prepared_once exclude using gist (listing_id with =, prepared with &&)
      where (kind in ('hold', 'booking'))
  )`);
  await run(
    'create unique index occupied_nights__one_per_booking on occupied_nights (booking_id) where booking_id is not null',
  );
}
