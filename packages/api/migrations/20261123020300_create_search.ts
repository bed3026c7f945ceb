import { type Kysely, sql } from 'kysely';

// Search reads `listing_search`: one narrow row a published listing, kept true by triggers in the transaction of every
// write to `listings`. The triggers work on whole statements, so that a batch of 1,000 listings costs a few set-based
// statements. Points are in thousandths of a degree, which is all that guests may know of an address.

/**
 * The bit of each amenity, in the order of AMENITIES in @sojourn/shared/vocabulary. A migration must not change with that
 * list: who appends to it replaces `amenity_bits()` in a new migration and rebuilds. A test holds the two together.
 */
const AMENITIES = [
  'wifi', 'kitchen', 'airConditioning', 'heating', 'washer', 'dryer', 'tv', 'workspace', 'parking', 'streetParking',
  'evCharger', 'pool', 'hotTub', 'sauna', 'gym', 'fireplace', 'elevator', 'breakfast', 'crib', 'highChair',
  'barbecue', 'balcony', 'garden', 'waterfront', 'beachAccess', 'lakeAccess', 'skiAccess', 'petsAllowed',
  'smokingAllowed', 'eventsAllowed', 'familyFriendly', 'stepFreeAccess', 'selfCheckIn', 'privateEntrance', 'doorman',
  'smokeAlarm', 'carbonMonoxideAlarm', 'fireExtinguisher', 'firstAidKit', 'essentials', 'bedLinens', 'hangers',
  'hairDryer', 'iron', 'shampoo', 'hotWater', 'bathtub', 'dishwasher', 'refrigerator', 'freezer', 'microwave',
  'oven', 'stove', 'coffeeMaker', 'cookingBasics', 'dishes', 'diningTable', 'cleaningAvailable', 'luggageDropoff',
  'longTermStays', 'lockOnDoor', 'safe', 'ceilingFan', 'books', 'games', 'soundSystem', 'gameConsole', 'piano',
  'bicycles', 'kayak', 'outdoorFurniture', 'firePit', 'hammock', 'mosquitoNet', 'securityCameras', 'cableTv',
]; // biome-ignore format: a table reads better than a column

/** The columns of `listings` that a search row is made of. */
const SOURCE = `id, base_price, currency, amenities, latitude, longitude, rating, review_count, capacity, bedrooms, beds,
  bathrooms, room_type, property_type, instant_book, address`;

/** The columns of `listing_search`, and what each one is of a listing `l`. */
const ROW = {
  listing_id: 'l.id',
  price: 'l.base_price',
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
const columns = Object.keys(ROW).join(', ');
const assignments = Object.keys(ROW)
  .map((name) => `${name} = excluded.${name}`)
  .join(', ');

/** The search rows of listings that `from` selects. */
const rowsOf = (from: string) => `
  select ${Object.entries(ROW).map(([name, value]) => `${value} as ${name}`)}
  from (${from}) as l
  cross join lateral (
    select coalesce(bit_or(1::bigint << bit) filter (where bit < 64), 0) as low,
      coalesce(bit_or(1::bigint << (bit - 64)) filter (where bit >= 64), 0) as high
    from (select (amenity_bits() -> name)::integer as bit from unnest(l.amenities) as name) as bits
  ) as a`;

const TEXT_SOURCE = 'id, title, description, tags, property_type, address';

/** The text rows of listings that `from` selects. */
const textsOf = (from: string) =>
  `select l.id, listing_words(l.title, l.description, l.tags, l.property_type, l.address) from (${from}) as l`;

/** The names of places in search rows of `from` whose cell `listing_search_places` does not know. */
const unknownPlacesOf = (from: string) => `
  select s.listing_id, place.name, s.small_cell
  from ${from} as s
  cross join string_to_table(btrim(s.places, '|'), '|') as place (name)
  where not exists (
    select from listing_search_places as known
    where known.name = place.name and known.small_cell = s.small_cell offset 0)`;

const published = (source: string, table: string) =>
  `select ${source} from ${table} where status = 'published'`;

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run('create text search configuration listing_text (copy = simple)');
  await run(`alter text search configuration listing_text
    alter mapping for word, numword, hword, numhword, hword_part, hword_numpart with unaccent, simple`);

  // Cells are 0.05 and 1 degree wide and numbered row by row from the south-west. `rating` is in hundredths, 0 while
  // there is none. `quality` is the mean of the ratings and of five more of 4.50, so that few ratings weigh little;
  // 1,000 is one star. Sorted by size, so that no byte is lost to alignment. Vacuumed early: an index answers without
  // the table only for what was there at the last vacuum.
  await run(`create table listing_search (
    listing_id uuid primary key,
    price bigint not null,
    amenities_low bigint not null,
    amenities_high bigint not null,
    latitude integer not null,
    longitude integer not null,
    small_cell integer not null
      generated always as ((latitude + 90000) / 50 * 7200 + (longitude + 180000) / 50) stored,
    large_cell integer not null
      generated always as ((latitude + 90000) / 1000 * 360 + (longitude + 180000) / 1000) stored,
    review_count integer not null,
    bathrooms real,
    capacity smallint not null,
    bedrooms smallint,
    beds smallint,
    rating smallint not null,
    quality smallint not null generated always as (
      case when rating = 0 then 4500 else 10 * (5 * 450 + rating * review_count::bigint) / (5 + review_count::bigint) end
    ) stored,
    instant_book boolean not null,
    currency text not null,
    room_type text not null,
    property_type text not null,
    places text not null
  ) with (fillfactor = 80, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.05)`);
  // Two orders, in cells of two sizes and everywhere. In the cells all that a filter may ask for lies in the index
  // itself: the rows of a city are strewn over the whole table, and looking each one up would cost ten times as much.
  const filtered = `latitude, longitude, capacity, bedrooms, beds, bathrooms, amenities_low, amenities_high, room_type,
    property_type, instant_book, places, rating, review_count`;
  for (const cell of ['small_cell', 'large_cell']) {
    await run(`create index listing_search__${cell}_by_price on listing_search (${cell}, currency, price, listing_id)
      include (${filtered}, quality)`);
    await run(`create index listing_search__${cell}_by_quality on listing_search (${cell}, quality, listing_id)
      include (${filtered}, currency, price)`);
  }
  await run('create index listing_search__by_price on listing_search (currency, price, listing_id)');
  await run('create index listing_search__by_quality on listing_search (quality, listing_id)');

  // In a table of its own: the words are several times wider than all the rest, and whoever changes a price must not pay
  // for indexing them anew.
  await run('create table listing_search_text (listing_id uuid primary key, words tsvector not null)');
  await run('create index listing_search_text__by_word on listing_search_text using gin (words)');

  // The cells in which a name of a place occurs. Only ever grows: a cell too many costs a look, one that is missing
  // would hide a listing. Without a unique constraint, so that two imports of one city never wait for each other.
  await run('create table listing_search_places (name text not null, small_cell integer not null)');
  await run('create index listing_search_places__by_name on listing_search_places (name, small_cell)');

  await defineRows(run);
  await defineTriggers(run);
  await defineMaintenance(run);
  await run('select rebuild_listing_search()');
}

type Run = (text: string) => Promise<unknown>;

async function defineRows(run: Run): Promise<void> {
  const bits = JSON.stringify(Object.fromEntries(AMENITIES.map((name, bit) => [name, bit])));
  await run(
    `create function amenity_bits() returns jsonb language sql immutable parallel safe return '${bits}'::jsonb`,
  );

  // Without accents and in small letters. Dividing marks become spaces, because the parser would take "Wifi/TV" for a
  // file and "a.b" for a host.
  await run(`create function fold_text(words text) returns text language sql stable parallel safe
    return lower(unaccent(words))`);
  await run(`create function plain_words(words text) returns text language sql immutable parallel safe
    return translate(words, '/.@:_&+#', '        ')`);

  // The names that guests may know a place by, as "|brooklyn|new york|ny|=us|". One field may hold several: "Ballard,
  // Seattle". The code of a country has a mark before it, because CA is a region too. An index entry holds 2,700 bytes:
  // names are far shorter, but folding may turn one sign into many.
  await run(`create function place_names(address jsonb) returns text language sql stable parallel safe
    return '|' || left(replace(replace(fold_text(concat_ws('|', address ->> 'neighbourhood', address ->> 'city',
      address ->> 'region', '=' || (address ->> 'country'))), ', ', '|'), ',', '|'), 500) || '|'`);
  await run(`create function listing_words(title text, description text, tags text[], property_type text, address jsonb)
    returns tsvector language sql stable parallel safe
    return setweight(to_tsvector('listing_text', plain_words(title)), 'A')
      || setweight(to_tsvector('listing_text', plain_words(concat_ws(' ', property_type, address ->> 'neighbourhood',
        address ->> 'city', address ->> 'region', array_to_string(tags, ' ')))), 'B')
      || setweight(to_tsvector('listing_text', plain_words(description)), 'D')`);
}

const upsert = (source: string) => `
  with stored as (
    insert into listing_search (${columns}) ${rowsOf(source)}
    on conflict (listing_id) do update set ${assignments}
    returning listing_id, small_cell, places)
  insert into listing_search_places select distinct name, small_cell from (${unknownPlacesOf('stored')}) as unknown`;
const upsertText = (source: string) => `
  insert into listing_search_text ${textsOf(source)}
  on conflict (listing_id) do update set words = excluded.words`;
const remove = (table: string, ids: string) => `delete from ${table} where listing_id = any(array(${ids}))`;

async function defineTriggers(run: Run): Promise<void> {
  // A session keeps the first plan of a statement: one made while the tables were still empty would read them whole
  // for as long as the session lives. Hence no sequential scans.
  const define = (name: string, statements: readonly string[]) =>
    run(`create function ${name}() returns trigger language plpgsql set enable_seqscan = off as $$
      begin ${statements.map((statement) => `${statement};`).join('\n')} return null; end $$`);
  const changed = (source: string) => `${published(source, 'after')} except ${published(source, 'before')}`;
  const unpublished = `${published('id', 'before')} except ${published('id', 'after')}`;

  await define('search_inserted_listings', [
    upsert(published(SOURCE, 'after')),
    upsertText(published(TEXT_SOURCE, 'after')),
  ]);
  await define('search_updated_listings', [
    remove('listing_search', unpublished),
    remove('listing_search_text', unpublished),
    upsert(changed(SOURCE)),
    upsertText(changed(TEXT_SOURCE)),
  ]);
  await define('search_deleted_listings', [
    remove('listing_search', 'select id from before'),
    remove('listing_search_text', 'select id from before'),
  ]);
  await define('search_truncated_listings', [
    'delete from listing_search',
    'delete from listing_search_text',
  ]);

  await run(`create trigger listings__search_inserted after insert on listings
    referencing new table as after for each statement execute function search_inserted_listings()`);
  await run(`create trigger listings__search_updated after update on listings
    referencing old table as before new table as after for each statement execute function search_updated_listings()`);
  await run(`create trigger listings__search_deleted after delete on listings
    referencing old table as before for each statement execute function search_deleted_listings()`);
  await run(`create trigger listings__search_truncated after truncate on listings
    for each statement execute function search_truncated_listings()`);
}

async function defineMaintenance(run: Run): Promise<void> {
  const all = (alias: string) => Object.keys(ROW).map((name) => `${alias}.${name}`);

  // What search would answer wrongly. Nothing may come back, at any moment.
  await run(`create function listing_search_differences() returns table (listing_id uuid, difference text)
    language sql stable as $$
    with truth as (${rowsOf(published(SOURCE, 'listings'))}),
      texts (listing_id, words) as (${textsOf(published(TEXT_SOURCE, 'listings'))})
    select coalesce(truth.listing_id, stored.listing_id),
      case when stored.listing_id is null then 'missing' when truth.listing_id is null then 'surplus' else 'stale' end
    from truth full join listing_search as stored using (listing_id)
    where (${all('truth')}) is distinct from (${all('stored')})
    union all
    select coalesce(texts.listing_id, stored.listing_id), 'text'
    from texts full join listing_search_text as stored using (listing_id)
    where texts.words is distinct from stored.words
    union all
    select unknown.listing_id, 'place' from (${unknownPlacesOf('listing_search')}) as unknown
    $$`);

  // Mends what differs, and returns how many listings that were. It locks those alone: their writers finish first, and
  // whoever writes them later finds them mended.
  await run(`create function rebuild_listing_search() returns integer language plpgsql as $$
    declare wrong uuid[] := array(select distinct listing_id from listing_search_differences());
    begin
      perform from listings where id = any(wrong) order by id for update;
      ${remove('listing_search', 'select unnest(wrong)')};
      ${remove('listing_search_text', 'select unnest(wrong)')};
      ${upsert(`${published(SOURCE, 'listings')} and id = any(wrong)`)};
      ${upsertText(`${published(TEXT_SOURCE, 'listings')} and id = any(wrong)`)};
      return cardinality(wrong);
    end $$`);
}
