import { type Kysely, sql } from 'kysely';

// Search by dates reads `listing_search_stays` beside `listing_search`: one row a listing, whatever its status, with the
// nights that are taken, the prices and the rules. In a table of its own: bookings write it all day long, and the pages
// of `listing_search` must stay as its indexes remember them.
//
// Whoever takes a night ends by writing the row of its listing. So that two of them can neither lose each other's nights
// nor wait for each other in a circle, rows are only written at the very end of a transaction, in the order of the ids:
// triggers note which listings to follow, and a deferred one follows them all at once.

type Run = (text: string) => Promise<unknown>;

/** The columns of `listings` that search rows are made of. */
const SOURCE = `id, base_price, currency, amenities, latitude, longitude, rating, review_count, capacity, bedrooms, beds,
  bathrooms, room_type, property_type, instant_book, address, weekend_price, cleaning_fee, extra_guest_fee, included_guests,
  weekly_discount_percent, monthly_discount_percent, early_bird_days, early_bird_percent, last_minute_days,
  last_minute_percent, min_nights, max_nights, arrival_min_nights, advance_notice_hours, booking_window_days,
  preparation_nights, check_in_from, time_zone`;
const TEXT_SOURCE = 'id, title, description, tags, property_type, address';

const published = (source: string, table: string) =>
  `select ${source} from ${table} where status = 'published'`;

/** The columns of `listing_search`, and what each one is of a listing `l` and its stays `stays`. */
const ROW = {
  listing_id: 'l.id',
  price: 'l.base_price',
  price_floor: 'stays.price_floor',
  amenities_low: 'a.low',
  amenities_high: 'a.high',
  latitude: 'floor(l.latitude * 1000 + 0.5)::integer',
  longitude: '(floor(l.longitude * 1000 + 0.5)::integer + 180000) % 360000 - 180000',
  review_count: 'l.review_count',
  bathrooms: 'l.bathrooms::real',
  capacity: 'l.capacity',
  bedrooms: 'l.bedrooms',
  beds: 'l.beds',
  rating: 'coalesce(l.rating * 100, 0)::smallint',
  instant_book: 'l.instant_book',
  currency: 'l.currency',
  room_type: 'l.room_type',
  property_type: 'l.property_type',
  places: 'place_names(l.address)',
};

/** The search rows of listings that `from` selects, whose rows of `listing_search_stays` are right already. */
const rowsOf = (from: string) => `
  select ${Object.entries(ROW).map(([name, value]) => `${value} as ${name}`)}
  from (${from}) as l
  join listing_search_stays as stays on stays.listing_id = l.id
  cross join lateral (
    select coalesce(bit_or(1::bigint << bit) filter (where bit < 64), 0) as low,
      coalesce(bit_or(1::bigint << (bit - 64)) filter (where bit >= 64), 0) as high
    from (select (amenity_bits() -> name)::integer as bit from unnest(l.amenities) as name) as bits
  ) as a`;

/** The columns of `listing_search_stays` that a listing itself says. */
const OF_LISTING = {
  listing_id: 'l.id',
  base_price: 'l.base_price',
  weekend_price: 'l.weekend_price',
  cleaning_fee: 'l.cleaning_fee',
  extra_guest_fee: 'l.extra_guest_fee',
  included_guests: 'l.included_guests::smallint',
  weekly_percent: 'l.weekly_discount_percent',
  monthly_percent: 'l.monthly_discount_percent',
  early_bird_days: 'l.early_bird_days',
  early_bird_percent: 'l.early_bird_percent',
  last_minute_days: 'l.last_minute_days',
  last_minute_percent: 'l.last_minute_percent',
  min_nights: 'l.min_nights::smallint',
  max_nights: 'l.max_nights::smallint',
  weekday_min_nights: `case when l.arrival_min_nights <> '{}' then array(
    select (l.arrival_min_nights ->> weekday)::smallint
    from unnest('{monday,tuesday,wednesday,thursday,friday,saturday,sunday}'::text[]) with ordinality as week (weekday, number)
    order by number) end`,
  notice_hours: 'l.advance_notice_hours',
  window_days: 'l.booking_window_days',
  check_in_from: 'l.check_in_from::time',
  time_zone: 'l.time_zone',
};
/** The columns that follow from its calendar; a listing without one has these. */
const OF_CALENDAR = {
  busy: `'{}'::datemultirange`,
  price_steps: 'null::integer[]',
  step_prices: 'null::bigint[]',
  least_step_price: 'null::bigint',
  rule_steps: 'null::integer[]',
  rule_min_nights: 'null::integer[]',
  rule_max_nights: 'null::integer[]',
  closed_to_arrival: 'null::datemultirange',
  closed_to_departure: 'null::datemultirange',
};
const STAYS = Object.keys({ ...OF_LISTING, ...OF_CALENDAR });
const listed = (columns: Iterable<string>, of = '') => [...columns].map((name) => of + name).join(', ');
const ROWS = Object.keys(ROW);

const newStaysOf = (from: string) => `
  select ${Object.entries({ ...OF_LISTING, ...OF_CALENDAR }).map(([name, value]) => `${value} as ${name}`)}
  from (${from}) as l`;

/** The rows of a calendar of the listing `l`. In order, so that the index which is quick for it is the one that is used. */
const ofListing = (table: string, range: string) =>
  `(select * from ${table} where listing_id = l.id order by upper(${range}))`;

/** The nights that no other stay may take: those of stays with the nights to prepare the home, before and after. */
const BUSY = `select coalesce(range_agg(case when n.kind in ('hold', 'booking')
    then daterange(lower(n.nights) - l.preparation_nights, upper(n.prepared)) else n.nights end), '{}')
  from ${ofListing('occupied_nights', 'nights')} as n`;

/** The days of a range, counted from 1970. */
const daysOf = (dates: string) =>
  `generate_series(lower(${dates}) - date '1970-01-01', upper(${dates}) - date '1970-01-01' - 1)`;

/**
 * What is said day by day as steps: the days from which something else holds, and what. Nothing holds where the value is
 * null, before the first step and after the last.
 */
const stepsOf = (prefix: string, values: readonly string[]) => `
  select array_agg(day order by day) as steps, ${values.map((value) => `array_agg(${value} order by day) as ${value}`)}
  from (
    select day, ${values} from days
    where (${values}) is distinct from (${values.map((value) => `case when continues then before_${value} end`)})
    union all
    select day + 1, ${values.map(() => 'null')} from days
    where ends and num_nonnulls(${values}) > 0) as ${prefix} (day, ${values})`;

/** What the host says of each day, by itself or through its season, and the steps of it. */
const SAID = `
  with said as (
    select day,
      coalesce(max(own_price), case when (day + 3) % 7 in (4, 5) then max(weekend_price) end, max(season_price)) as price,
      coalesce(max(own_min), max(season_min)) as min_nights,
      coalesce(max(own_max), max(season_max)) as max_nights
    from (
      select day, price as own_price, min_nights as own_min, max_nights as own_max,
        null::bigint as season_price, null::bigint as weekend_price, null::integer as season_min, null::integer as season_max
      from ${ofListing('calendar_settings', 'dates')} as setting, ${daysOf('dates')} as day
      union all
      select day, null, null, null, price, weekend_price, min_nights, max_nights
      from ${ofListing('seasons', 'dates')} as season, ${daysOf('dates')} as day) as sayings
    group by day),
  days as materialized (
    select *, coalesce(lag(day) over following = day - 1, false) as continues,
      coalesce(lead(day) over following <> day + 1, true) as ends, lag(price) over following as before_price,
      lag(min_nights) over following as before_min_nights, lag(max_nights) over following as before_max_nights
    from said window following as (order by day)),
  prices as (${stepsOf('prices', ['price'])}),
  rules as (${stepsOf('rules', ['min_nights', 'max_nights'])})
  select prices.steps as price_steps, prices.price as step_prices, (select min(price) from days) as least_step_price,
    rules.steps as rule_steps, rules.min_nights as rule_min_nights, rules.max_nights as rule_max_nights
  from prices, rules`;

/** The rows of `listing_search_stays` of listings that `from` selects. */
const staysOf = (from: string) => `
  select ${Object.entries(OF_LISTING).map(([name, value]) => `${value} as ${name}`)},
    (${BUSY}) as busy, said.*, closed.to_arrival as closed_to_arrival, closed.to_departure as closed_to_departure
  from (${from}) as l
  left join lateral (${SAID}) as said on true
  left join lateral (
    select range_agg(dates) filter (where closed_to_arrival) as to_arrival,
      range_agg(dates) filter (where closed_to_departure) as to_departure
    from ${ofListing('calendar_settings', 'dates')} as setting) as closed on true`;

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // `price_floor` is the least that a night can cost after all discounts: whatever a stay costs, it is no less than its
  // nights times this, but for what rounding takes.
  await run(`create table listing_search_stays (
    listing_id uuid primary key,
    busy datemultirange not null,
    base_price bigint,
    weekend_price bigint,
    cleaning_fee bigint,
    extra_guest_fee bigint,
    least_step_price bigint,
    price_floor bigint generated always as (
      least(base_price, weekend_price, least_step_price) * (100 - greatest(weekly_percent, monthly_percent))
        * (100 - coalesce(greatest(early_bird_percent, last_minute_percent), 0)) / 10000) stored,
    included_guests smallint,
    weekly_percent smallint not null,
    monthly_percent smallint not null,
    early_bird_days smallint,
    early_bird_percent smallint,
    last_minute_days smallint,
    last_minute_percent smallint,
    min_nights smallint not null,
    max_nights smallint not null,
    notice_hours smallint not null,
    window_days smallint not null,
    check_in_from time not null,
    time_zone text,
    weekday_min_nights smallint[],
    price_steps integer[],
    step_prices bigint[],
    rule_steps integer[],
    rule_min_nights integer[],
    rule_max_nights integer[],
    closed_to_arrival datemultirange,
    closed_to_departure datemultirange
  ) with (fillfactor = 80, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05)`);
  // Read night by night: compressed, or in another place, they would cost more than all the rest of a search.
  for (const column of [
    'busy',
    'price_steps',
    'step_prices',
    'rule_steps',
    'rule_min_nights',
    'rule_max_nights',
  ])
    await run(`alter table listing_search_stays alter ${column} set storage external`);
  await run(`insert into listing_search_stays (${listed(STAYS)})
    select ${listed(STAYS)} from (${staysOf(`select ${SOURCE} from listings`)}) as stays`);

  // The exclusion constraints find the rows of one listing too, but look through a third of all pages for it.
  await run(`create index occupied_nights__by_listing on occupied_nights (listing_id, upper(nights))
    include (kind, nights, prepared)`);
  await run('create index calendar_settings__by_listing on calendar_settings (listing_id, upper(dates))');
  await run('create index seasons__by_listing on seasons (listing_id, upper(dates))');

  await run('alter table listing_search add price_floor bigint');
  await run(`update listing_search set price_floor = stays.price_floor from listing_search_stays as stays
    where stays.listing_id = listing_search.listing_id`);
  await run('alter table listing_search alter price_floor set not null');
  const filtered = `latitude, longitude, capacity, bedrooms, beds, bathrooms, amenities_low, amenities_high, room_type,
    property_type, instant_book, places, rating, review_count, quality`;
  for (const cell of ['small_cell', 'large_cell'])
    await run(`create index listing_search__${cell}_by_floor on listing_search (${cell}, currency, price_floor, listing_id)
      include (${filtered})`);
  await run('create index listing_search__by_floor on listing_search (currency, price_floor, listing_id)');

  // The first of two when a clock change brings the time twice, as hosts and guests are told of it.
  await run(`create function instant_at(local timestamp, zone text) returns timestamptz language sql stable parallel safe
    return case
      when (local at time zone zone - interval '1 hour') at time zone zone = local
        then local at time zone zone - interval '1 hour'
      when (local at time zone zone - interval '30 minutes') at time zone zone = local
        then local at time zone zone - interval '30 minutes'
      else local at time zone zone end`);

  await definePrice(run);
  await defineFollowing(run);
  await defineTriggers(run);
  await defineMaintenance(run);
}

/** What a guest pays for a stay, as priceStay in pricing/model/price.ts has it; a test holds the two together. */
async function definePrice(run: Run): Promise<void> {
  await run(`create function half_even(product bigint, divisor bigint) returns bigint language sql immutable parallel safe
    return product / divisor + case
      when product % divisor * 2 > divisor or (product % divisor * 2 = divisor and product / divisor % 2 = 1) then 1 else 0 end`);
  await run(`create function stay_taxes(listing uuid, subtotal bigint, nights integer, guests integer, at timestamptz)
    returns bigint language sql stable parallel safe return coalesce((
      select sum(case rule.kind when 'percent' then half_even(subtotal * rule.bps, 10000)
        when 'perNight' then rule.amount * nights else rule.amount * nights * guests end)::bigint
      from listings as l join tax_rules as rule on lower(rule.country) = lower(l.address ->> 'country')
      where l.id = listing and not rule.inclusive
        and rule.effective_from <= at and (rule.effective_until is null or at < rule.effective_until)
        and (rule.region is null or lower(rule.region) = lower(l.address ->> 'region'))
        and (rule.city is null or lower(rule.city) = lower(l.address ->> 'city'))
        and (rule.kind = 'percent' or rule.currency = l.currency)
        and (rule.max_nights is null or nights <= rule.max_nights)), 0)`);
  // Plain expressions only, which PL/pgSQL evaluates without a query.
  await run(`create function stay_total(listing uuid, base_price bigint, weekend_price bigint, price_steps integer[],
      step_prices bigint[], cleaning_fee bigint, extra_guests_fee bigint, length_percent integer, lead_percent integer,
      first integer, nights integer, weekend_nights integer, guests integer, fee bigint, taxed boolean, at timestamptz)
    returns bigint language plpgsql stable parallel safe as $$ declare
      price bigint := 0;
    begin
      if price_steps is null then
        price := (nights - weekend_nights) * base_price + weekend_nights * coalesce(weekend_price, base_price);
      else
        for day in first .. first + nights - 1 loop
          price := price + coalesce(step_prices[width_bucket(day, price_steps)],
            case when (day + 3) % 7 in (4, 5) then weekend_price end, base_price);
        end loop;
      end if;
      if length_percent > 0 then price := price - half_even(price * length_percent, 100); end if;
      if lead_percent > 0 then price := price - half_even(price * lead_percent, 100); end if;
      price := price + coalesce(cleaning_fee, 0) + coalesce(extra_guests_fee, 0) * nights;
      return price + half_even(price * fee, 10000)
        + case when taxed then stay_taxes(listing, price, nights, guests, at) else 0 end;
    end $$`);
}

const NIGHTS = 'sojourn.nights_to_follow';
const LISTINGS = 'sojourn.listings_to_follow';

const upsert = (source: string) => `
  with stored as (
    insert into listing_search (${listed(ROWS)}) ${rowsOf(source)}
    on conflict (listing_id) do update set ${ROWS.map((name) => `${name} = excluded.${name}`)}
    returning listing_id, small_cell, places)
  insert into listing_search_places
  select distinct place.name, stored.small_cell
  from stored cross join string_to_table(btrim(stored.places, '|'), '|') as place (name)
  where not exists (
    select from listing_search_places as known
    where known.name = place.name and known.small_cell = stored.small_cell offset 0)`;
const upsertText = (source: string) => `
  insert into listing_search_text
  select l.id, listing_words(l.title, l.description, l.tags, l.property_type, l.address) from (${source}) as l
  on conflict (listing_id) do update set words = excluded.words`;
const remove = (table: string, ids: string) => `delete from ${table} where listing_id = any(array(${ids}))`;
const insertStays = (rows: string) =>
  `insert into listing_search_stays (${listed(STAYS)}) select ${listed(STAYS)} from (${rows}) as stays`;

async function defineFollowing(run: Run): Promise<void> {
  // Listings are noted for the transaction alone, by name of what has to be followed.
  await run(`create function note_for_search(what text, ids uuid[]) returns void language plpgsql as $$ begin
      if cardinality(ids) > 0 then
        perform set_config(what, concat_ws(' ', nullif(current_setting(what, true), ''), array_to_string(ids, ' ')), true);
      end if;
    end $$`);

  // Each statement sees what was committed before it began, and so, after the locks, all that others wrote before.
  await run(`create function write_search_rows(taken uuid[], changed uuid[]) returns void language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off as $$ begin
      perform from listing_search_stays where listing_id = any(taken || changed) order by listing_id for no key update;
      if cardinality(taken) > 0 then
        update listing_search_stays as stays set busy = truth.busy
        from (select l.id, (${BUSY}) as busy from listings as l where l.id = any(taken)) as truth
        where stays.listing_id = truth.id and stays.busy is distinct from truth.busy;
      end if;
      if cardinality(changed) > 0 then
        update listing_search_stays as stays set (${listed(STAYS)}) = (${listed(STAYS, 'truth.')})
        from (${staysOf(`select ${SOURCE} from listings where id = any(changed)`)}) as truth
        where stays.listing_id = truth.listing_id and (${listed(STAYS, 'stays.')}) is distinct from (${listed(STAYS, 'truth.')});
        delete from listing_search where listing_id = any(array(
          select id from listings where id = any(changed) and status <> 'published'));
        ${upsert(`${published(SOURCE, 'listings')} and id = any(array(
          select truth.listing_id from (${rowsOf(`${published(SOURCE, 'listings')} and id = any(changed)`)}) as truth
          left join listing_search as stored using (listing_id)
          where (${listed(ROWS, 'truth.')}) is distinct from (${listed(ROWS, 'stored.')})))`)};
      end if;
    end $$`);
  await run(`create function follow_in_search() returns trigger language plpgsql as $$ declare
      taken text := current_setting('${NIGHTS}', true);
      changed text := current_setting('${LISTINGS}', true);
    begin
      if taken <> '' or changed <> '' then
        perform set_config('${NIGHTS}', '', true), set_config('${LISTINGS}', '', true);
        perform write_search_rows(string_to_array(taken, ' ')::uuid[], string_to_array(changed, ' ')::uuid[]);
      end if;
      return null;
    end $$`);
}

async function defineTriggers(run: Run): Promise<void> {
  const define = (name: string, statements: readonly string[], settings = '') =>
    run(`create or replace function ${name}() returns trigger language plpgsql ${settings} as $$
      begin ${statements.map((statement) => `${statement};`).join('\n')} return null; end $$`);
  const note = (what: string, ids: string) => `perform note_for_search('${what}', array(${ids}))`;
  const differing = (source: string) =>
    `(select ${source}, status from after except select ${source}, status from before)`;

  // A session keeps the first plan of a statement: one made while the tables were still empty would read them whole
  // for as long as the session lives. Hence no sequential scans.
  const indexed = 'set enable_seqscan = off';
  // Nobody else can know of a new listing: its rows are written at once.
  await define(
    'search_inserted_listings',
    [
      insertStays(newStaysOf(`select ${SOURCE} from after`)),
      upsert(published(SOURCE, 'after')),
      upsertText(published(TEXT_SOURCE, 'after')),
    ],
    indexed,
  );
  await define(
    'search_updated_listings',
    [
      note(LISTINGS, `select id from ${differing(SOURCE)} as changed`),
      remove('listing_search_text', `${published('id', 'before')} except ${published('id', 'after')}`),
      upsertText(`${published(TEXT_SOURCE, 'after')} except ${published(TEXT_SOURCE, 'before')}`),
    ],
    indexed,
  );
  await define(
    'search_deleted_listings',
    ['listing_search_stays', 'listing_search', 'listing_search_text'].map((table) =>
      remove(table, 'select id from before'),
    ),
    indexed,
  );
  await define('search_truncated_listings', [
    'delete from listing_search_stays',
    'delete from listing_search',
    'delete from listing_search_text',
  ]);
  await run(`create constraint trigger listings__followed_in_search after update on listings
    deferrable initially deferred for each row execute function follow_in_search()`);

  const calendars = { occupied_nights: NIGHTS, calendar_settings: LISTINGS, seasons: LISTINGS };
  for (const [table, what] of Object.entries(calendars)) {
    await define(`search_inserted_${table}`, [note(what, 'select distinct listing_id from after')]);
    await define(`search_deleted_${table}`, [note(what, 'select distinct listing_id from before')]);
    await define(`search_updated_${table}`, [
      note(what, 'select listing_id from before union select listing_id from after'),
    ]);
    await define(`search_truncated_${table}`, ['perform rebuild_listing_search()']);
    const transitions = {
      insert: 'referencing new table as after',
      update: 'referencing old table as before new table as after',
      delete: 'referencing old table as before',
      truncate: '',
    };
    for (const [event, referencing] of Object.entries(transitions)) {
      const happened = event === 'insert' ? 'inserted' : `${event}d`;
      await run(`create trigger ${table}__search_${happened} after ${event} on ${table} ${referencing}
        for each statement execute function search_${happened}_${table}()`);
    }
    await run(`create constraint trigger ${table}__followed_in_search after insert or update or delete on ${table}
      deferrable initially deferred for each row execute function follow_in_search()`);
  }
}

async function defineMaintenance(run: Run): Promise<void> {
  // What search would answer wrongly. Nothing may come back, at any moment.
  await run(`create or replace function listing_search_differences() returns table (listing_id uuid, difference text)
    language sql stable as $$
    with truth as (${rowsOf(published(SOURCE, 'listings'))}),
      texts (listing_id, words) as (
        select l.id, listing_words(l.title, l.description, l.tags, l.property_type, l.address)
        from (${published(TEXT_SOURCE, 'listings')}) as l),
      stays as (${staysOf(`select ${SOURCE} from listings`)})
    select coalesce(truth.listing_id, stored.listing_id),
      case when stored.listing_id is null then 'missing' when truth.listing_id is null then 'surplus' else 'stale' end
    from truth full join listing_search as stored using (listing_id)
    where (${listed(ROWS, 'truth.')}) is distinct from (${listed(ROWS, 'stored.')})
    union all
    select coalesce(texts.listing_id, stored.listing_id), 'text'
    from texts full join listing_search_text as stored using (listing_id)
    where texts.words is distinct from stored.words
    union all
    select coalesce(stays.listing_id, stored.listing_id), 'stays'
    from stays full join listing_search_stays as stored using (listing_id)
    where (${listed(STAYS, 'stays.')}) is distinct from (${listed(STAYS, 'stored.')})
    union all
    select s.listing_id, 'place'
    from listing_search as s cross join string_to_table(btrim(s.places, '|'), '|') as place (name)
    where not exists (
      select from listing_search_places as known
      where known.name = place.name and known.small_cell = s.small_cell offset 0)
    $$`);

  // Mends what differs, and returns how many listings that were. It locks those alone: their writers finish first, and
  // whoever writes them later finds them mended.
  await run(`create or replace function rebuild_listing_search() returns integer language plpgsql as $$
    declare wrong uuid[] := array(select distinct listing_id from listing_search_differences());
    begin
      perform from listings where id = any(wrong) order by id for update;
      perform from listing_search_stays where listing_id = any(wrong) order by listing_id for update;
      delete from listing_search_stays where listing_id = any(wrong) and not exists (
        select from listings where id = listing_search_stays.listing_id);
      ${remove('listing_search', 'select unnest(wrong)')};
      ${remove('listing_search_text', 'select unnest(wrong)')};
      ${insertStays(staysOf(`select ${SOURCE} from listings where id = any(wrong)`))}
      on conflict (listing_id) do update set ${STAYS.map((name) => `${name} = excluded.${name}`)};
      ${upsert(`${published(SOURCE, 'listings')} and id = any(wrong)`)};
      ${upsertText(`${published(TEXT_SOURCE, 'listings')} and id = any(wrong)`)};
      return cardinality(wrong);
    end $$`);
}
