import { AMENITIES, PROPERTY_TYPES, ROOM_TYPES } from '@sojourn/shared/vocabulary';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bruteSearch, matches, queryString, type Wanted, wordsOf } from '../../test/brute-search.ts';
import { callerOf } from '../../test/caller.ts';
import {
  pick,
  type Random,
  randomListing,
  randomOf,
  type StoredListing,
  storeListings,
  TOWNS,
  WORDS,
  whole,
} from '../../test/random-listings.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { publicPoint } from '../listings/model.ts';
import { publicId } from '../platform/id.ts';

// Search against a second, slow implementation of the same rules, over random listings and random questions.

let server: TestServer;
let hostId: string;
let stored: Map<string, StoredListing>;

beforeAll(async () => {
  server = await startTestServer();
  const { rows } = await server.resources.pool.query("select id from users where role = 'user'");
  hostId = rows[0].id;
  const random = randomOf(42);
  const listings = Array.from({ length: 900 }, () => randomListing(random));
  await storeListings(server.resources.pool, hostId, listings);
  stored = new Map(listings.map((listing) => [listing.id, listing]));
});
afterAll(async () => {
  const differences = await server.resources.pool.query('select * from listing_search_differences()');
  await server.stop();
  expect(differences.rows).toEqual([]);
  expect(server.breaches).toEqual([]);
});

const get = async (query: string) => {
  const { status, body, text } = await callerOf(server)('GET', `/v1/search?${query}`);
  expect(status, text).toBe(200);
  return body;
};

/** All pages. `between` runs after each. */
async function readAll(wanted: Wanted, limit: number, between?: () => Promise<void>) {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await get(queryString(wanted, { limit, ...(cursor === null ? {} : { cursor }) }));
    expect(page.data.length).toBeLessThanOrEqual(limit);
    if (page.nextCursor !== null) expect(page.data).toHaveLength(limit);
    ids.push(...page.data.map(({ id }: { id: string }) => id));
    cursor = page.nextCursor;
    await between?.();
  } while (cursor !== null);
  return ids;
}

const idOf = ({ id }: StoredListing) => publicId('lst', id);
const some = <T>(random: Random, items: readonly T[], most: number) => [
  ...new Set(Array.from({ length: whole(random, 1, most) }, () => pick(random, items))),
];

function randomWanted(random: Random): Wanted {
  const maybe = <T>(share: number, make: () => T) => (random() < share ? make() : undefined);
  const town = pick(random, TOWNS);
  const wrapped = (longitude: number) => Math.round((((longitude + 540) % 360) - 180) * 1e4) / 1e4;
  const clamped = (latitude: number) => Math.round(Math.min(90, Math.max(-90, latitude)) * 1e4) / 1e4;
  const half = pick(random, [0.02, 0.1, 0.4, 3, 40, 170]);
  const where = pick(random, ['bbox', 'near', 'place', 'everywhere'] as const);
  const near = {
    latitude: clamped(town.latitude + (random() - 0.5) * 0.3),
    longitude: wrapped(town.longitude + (random() - 0.5) * 0.3),
  };
  const wanted: Wanted = {
    bbox:
      where === 'bbox'
        ? {
            west: wrapped(near.longitude - half),
            east: wrapped(near.longitude + half * random()),
            south: clamped(near.latitude - half * random()),
            north: clamped(near.latitude + half),
          }
        : undefined,
    near: where === 'near' ? near : undefined,
    radiusKm: where === 'near' ? maybe(0.7, () => pick(random, [0.5, 2, 7.5, 30, 500])) : undefined,
    place:
      where === 'place'
        ? pick(random, ['brooklyn', 'SAO TOME', 'Harbour', 'taveuni', 'ny', 'Nowhere', 'Água  Grande'])
        : undefined,
    guests: maybe(0.4, () => whole(random, 1, 7)),
    bedrooms: maybe(0.15, () => whole(random, 0, 3)),
    beds: maybe(0.15, () => whole(random, 1, 4)),
    bathrooms: maybe(0.15, () => whole(random, 1, 5) / 2),
    minPrice: maybe(0.25, () => whole(random, 3, 10) * 1_000),
    maxPrice: maybe(0.25, () => whole(random, 10, 20) * 1_000),
    currency: maybe(0.3, () => pick(random, ['USD', 'EUR'])),
    roomType: maybe(0.25, () => some(random, ROOM_TYPES, 3)),
    propertyType: maybe(0.15, () => some(random, PROPERTY_TYPES.slice(0, 5), 3)),
    amenities: maybe(0.25, () =>
      some(
        random,
        AMENITIES.filter((_, index) => index % 8 === 0),
        3,
      ),
    ),
    instantBook: maybe(0.3, () => random() < 0.7),
    sort: pick(
      random,
      where === 'near'
        ? (['relevance', 'price', 'rating', 'distance'] as const)
        : (['relevance', 'price', 'rating'] as const),
    ),
  } as Wanted;
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

describe('search finds what there is, in order', () => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed + 1))('of random questions (%d)', async (seed) => {
    const random = randomOf(seed * 7_919);
    let found = 0;
    for (let question = 0; question < 12; question++) {
      const wanted = randomWanted(random);
      const expected = bruteSearch(stored.values(), wanted).map(idOf);
      const label = JSON.stringify(wanted);
      expect(await readAll(wanted, pick(random, [3, 20, 100])), label).toEqual(expected);
      const { total } = await get(queryString(wanted, { limit: 1 }));
      expect(total, label).toEqual({ count: expected.length, capped: false });
      found += expected.length;
    }
    expect(found).toBeGreaterThan(0);
  });

  test('of every place that is astride the date line or around a pole', async () => {
    const boxes = [
      { west: 179.9, south: -17, east: -179.9, north: -16.7 },
      { west: -180, south: -17, east: -179.9, north: -16.7 },
      { west: 179.9, south: -17, east: 180, north: -16.7 },
      { west: 170, south: -90, east: -170, north: 90 },
      { west: -180, south: 89.9, east: 180, north: 90 },
      { west: -180, south: -90, east: 180, north: -89.9 },
      { west: 1, south: -90, east: 0.9, north: 90 },
    ];
    for (const bbox of boxes) {
      const expected = bruteSearch(stored.values(), { bbox }).map(idOf);
      expect(expected.length).toBeGreaterThan(0);
      expect(await readAll({ bbox }, 100), JSON.stringify(bbox)).toEqual(expected);
    }
    for (const near of [
      { latitude: 90, longitude: 0 },
      { latitude: -90, longitude: 180 },
      { latitude: -16.85, longitude: -180 },
    ]) {
      const wanted = { near, radiusKm: 25, sort: 'distance' } as const;
      const expected = bruteSearch(stored.values(), wanted).map(idOf);
      expect(expected.length).toBeGreaterThan(0);
      expect(await readAll(wanted, 100), JSON.stringify(near)).toEqual(expected);
    }
  });
});

describe('places', () => {
  const countAt = async (place: string) => (await get(queryString({ place }))).total.count;
  const published = (holds: (listing: StoredListing) => boolean) =>
    [...stored.values()].filter((listing) => listing.status === 'published' && holds(listing)).length;

  test('are found within what they lie in, by code or by name', async () => {
    const inUs = published(({ address }) => address.city === 'Brooklyn' && address.country === 'US');
    const all = published(({ address }) => address.city === 'Brooklyn');
    expect(inUs).toBeLessThan(all);
    expect(await countAt('Brooklyn')).toBe(all);
    for (const place of [
      'Brooklyn, NY',
      'brooklyn, new york',
      'Brooklyn NY',
      'BROOKLYN, ny, USA',
      'Brooklyn, United States',
      'brooklyn new york',
    ])
      expect(await countAt(place), place).toBe(inUs);
    expect(await countAt('Old Town, Brooklyn, South Africa')).toBe(
      published(({ address }) => address.neighbourhood === 'Old Town' && address.country === 'ZA'),
    );
  });

  test('are found by the names of countries and states', async () => {
    expect(await countAt('Fiji')).toBe(published(({ address }) => address.country === 'FJ'));
    // The code of Canada is that of California too; nothing there is in California.
    expect(await countAt('Canada')).toBe(published(({ address }) => address.country === 'CA'));
    expect(await countAt('California')).toBe(0);
    expect(await countAt('new york')).toBe(published(({ address }) => address.region === 'NY'));
  });

  test('do not betray addresses', async () => {
    expect(await countAt('Secret Street 1')).toBe(0);
    expect(await countAt('XK 11')).toBe(0);
    for (const q of ['secret', 'street', 'xk']) expect((await get(queryString({ q }))).total.count).toBe(0);
  });

  test('that are nowhere have no results', async () => {
    expect(await get('place=Atlantis&facets=true')).toEqual({
      data: [],
      nextCursor: null,
      total: { count: 0, capped: false },
      facets: {
        roomType: [],
        propertyType: [],
        amenities: [],
        price: { currency: 'USD', buckets: [] },
        capped: false,
      },
    });
  });
});

describe('words', () => {
  test.each([
    'loft',
    'CAFE',
    'grosses',
    'Großes',
    'quiet attic',
    'sunny view pool',
    'apartment',
    'old town loft',
    'sao',
  ])('%s are found wherever they stand', async (q) => {
    const expected = bruteSearch(stored.values(), { q }).map(idOf);
    expect(expected.length).toBeGreaterThan(0);
    expect((await readAll({ q }, 50)).sort()).toEqual(expected.sort());
    expect(await readAll({ q, guests: 3, sort: 'price' }, 50)).toEqual(
      bruteSearch(stored.values(), { q, guests: 3, sort: 'price' }).map(idOf),
    );
    const bbox = { west: -74.1, south: 40.5, east: -73.8, north: 40.8 };
    expect((await readAll({ q, bbox }, 50)).sort()).toEqual(
      bruteSearch(stored.values(), { q, bbox }).map(idOf).sort(),
    );
  });

  test('in the title come first', async () => {
    const ids = await readAll({ q: 'harbour' }, 100);
    const byId = new Map([...stored.values()].map((listing) => [idOf(listing), listing]));
    const inTitle = ids.map((id) => byId.get(id)!.title.split(' ').includes('harbour'));
    expect(inTitle.indexOf(false)).toBeGreaterThan(0);
    expect(inTitle.lastIndexOf(true)).toBeLessThan(inTitle.indexOf(false));
  });

  test('may be quoted, left out, or either', async () => {
    const count = async (q: string) => (await get(queryString({ q }))).total.count;
    const those = (holds: (listing: StoredListing, words: string[]) => boolean) =>
      [...stored.values()].filter(
        (listing) => listing.status === 'published' && holds(listing, wordsOf(listing)),
      ).length;
    expect(await count('loft -pool')).toBe(
      those((_, words) => words.includes('loft') && !words.includes('pool')),
    );
    expect(await count('-pool')).toBe(those((_, words) => !words.includes('pool')));
    expect(await count('attic or pool')).toBe(
      those((_, words) => words.includes('attic') || words.includes('pool')),
    );
    const sentence = ({ title, propertyType, address, tags, description }: StoredListing) =>
      [title, propertyType, address.neighbourhood, address.city, address.region, ...tags, description].join(
        ' ',
      );
    expect(await count('"sunny loft"')).toBe(those((listing) => /\bsunny loft\b/.test(sentence(listing))));
  });

  test('keep their order over pages', async () => {
    const whole = await get(queryString({ q: 'garden' }, { limit: 100 }));
    expect((await readAll({ q: 'garden' }, 7)).slice(0, 100)).toEqual(
      whole.data.map(({ id }: { id: string }) => id),
    );
  });
});

describe('pages', () => {
  test.each([
    { sort: 'price' },
    { sort: 'relevance' },
    { sort: 'rating' },
    { sort: 'distance', near: { latitude: 40.65, longitude: -73.95 }, radiusKm: 30 },
    { sort: 'distance', near: { latitude: 40.65, longitude: -73.95 }, radiusKm: 400 },
    { sort: 'relevance', q: 'loft' },
    { sort: 'price', roomType: ['hotelRoom'], amenities: ['wifi'] },
    { sort: 'relevance', place: 'Brooklyn' },
  ] as Wanted[])('of %o show each listing that stays once, whatever comes and goes', async (wanted) => {
    const random = randomOf(11);
    const stays = new Set(bruteSearch(stored.values(), wanted).map(idOf));
    const { pool } = server.resources;
    const brought: string[] = [];
    const seen = await readAll(wanted, 5, async () => {
      const fresh = Array.from({ length: 4 }, () => ({
        ...randomListing(random),
        status: 'published' as const,
      }));
      const leaving = pick(random, [...stored.values()]);
      await storeListings(pool, hostId, fresh);
      brought.push(...fresh.map(({ id }) => id));
      await pool.query("update listings set status = 'paused' where id = $1 and status = 'published'", [
        leaving.id,
      ]);
      stays.delete(idOf(leaving));
    });
    expect(new Set(seen).size, 'none twice').toBe(seen.length);
    expect(
      [...stays].filter((id) => !seen.includes(id)),
      'none left out',
    ).toEqual([]);
    await pool.query('delete from listings where id = any($1)', [brought]);
    await storeListings(pool, hostId, [...stored.values()]);
  });

  test('belong to the very search that they came from', async () => {
    const call = callerOf(server);
    const { nextCursor } = await get('sort=price&limit=5&guests=2');
    const other = async (query: string) => {
      const { status, body } = await call(
        'GET',
        `/v1/search?${query}&cursor=${encodeURIComponent(nextCursor)}`,
      );
      return [status, body.code];
    };
    expect(await other('sort=price&guests=2&limit=50&facets=true')).toEqual([200, undefined]);
    for (const query of [
      'sort=price&guests=3',
      'guests=2',
      'sort=price&guests=2&bbox=0,0,1,1',
      'sort=price&guests=2&currency=EUR',
      'sort=price&guests=2&q=loft',
    ])
      expect(await other(query), query).toEqual([400, 'invalid_cursor']);
  });

  test.each([
    ['price', [-1, 'x']],
    ['price', [1e300, '01900000-0000-7000-8000-000000000001']],
    ['price', [1, "' or 1=1"]],
    ['rating', [99_999, 1, '01900000-0000-7000-8000-000000000001']],
    ['relevance', [4_500, 4_500, '01900000-0000-7000-8000-000000000001']],
    ['relevance', []],
  ])('refuse a forged position: %s after %j', async (sort, position) => {
    const { nextCursor } = await get(`sort=${sort}&limit=5`);
    const [mark] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
    const cursor = Buffer.from(JSON.stringify([mark, ...position])).toString('base64url');
    const { status, body } = await callerOf(server)(
      'GET',
      `/v1/search?sort=${sort}&limit=5&cursor=${cursor}`,
    );
    expect([status, body.code]).toEqual([400, 'invalid_cursor']);
  });
});

describe('facets', () => {
  test.each(Array.from({ length: 8 }, (_, seed) => seed + 1))(
    'count what each choice would leave (%d)',
    async (seed) => {
      const random = randomOf(seed * 104_729);
      for (let question = 0; question < 6; question++) {
        const wanted = {
          ...randomWanted(random),
          ...(question % 2 ? { q: pick(random, WORDS.slice(0, 5)) } : {}),
        };
        const { facets, total } = await get(queryString(wanted, { facets: true, limit: 1 }));
        const label = JSON.stringify(wanted);
        const without = (...leftOut: (keyof Wanted)[]) =>
          [...stored.values()].filter((listing) => matches(listing, wanted, leftOut));
        const all = without();
        expect(total.count, label).toBe(all.length);
        expect(facets.roomType, label).toEqual(ranked(without('roomType').map(({ roomType }) => roomType)));
        expect(facets.propertyType, label).toEqual(
          ranked(without('propertyType').map(({ propertyType }) => propertyType)),
        );
        expect(facets.amenities, label).toEqual(ranked(all.flatMap(({ amenities }) => amenities)));
        expect(facets.capped).toBe(false);
        const currency = wanted.currency ?? 'USD';
        const priced = without('minPrice', 'maxPrice').filter((listing) => listing.currency === currency);
        expect(facets.price.currency).toBe(currency);
        expectBuckets(
          facets.price.buckets,
          priced.map(({ price }) => price),
          label,
        );
      }
    },
  );

  const ranked = (values: readonly string[]) =>
    [...Map.groupBy(values, (value) => value)]
      .map(([value, { length: count }]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));

  /** The buckets follow each other from the cheapest price to the dearest, and each holds what it should. */
  function expectBuckets(
    buckets: { from: number; to: number | null; count: number }[],
    prices: number[],
    label: string,
  ) {
    expect(buckets.length, label).toBeLessThanOrEqual(25);
    expect(
      buckets.reduce((sum, { count }) => sum + count, 0),
      label,
    ).toBe(prices.length);
    for (const [index, { from, to, count }] of buckets.entries()) {
      const end = to ?? Number.POSITIVE_INFINITY;
      expect(count, label).toBe(prices.filter((price) => price >= from && price < end).length);
      if (index > 0) expect(from, label).toBe(buckets[index - 1]!.to);
      if (to === null) expect(index, label).toBe(buckets.length - 1);
    }
  }
});

describe('a result', () => {
  test('shows what everybody may see, and nothing else', async () => {
    const listing = [...stored.values()].find(
      ({ status, rating }) => status === 'published' && rating !== null,
    )!;
    await server.resources.pool.query(
      `insert into listing_photos (id, listing_id, position, url, caption)
       values (gen_random_uuid(), $1, 1, 'https://images.example.com/2.jpg', null), (gen_random_uuid(), $1, 0, 'https://images.example.com/1.jpg', 'Door')`,
      [listing.id],
    );
    const near = {
      latitude: Math.round(listing.latitude * 100) / 100,
      longitude: Math.round(listing.longitude * 100) / 100,
    };
    const { data } = await get(queryString({ near, radiusKm: 5 }, { limit: 100 }));
    const { neighbourhood, city, region, country } = listing.address;
    expect(data.find(({ id }: { id: string }) => id === idOf(listing))).toEqual({
      id: idOf(listing),
      title: listing.title,
      propertyType: listing.propertyType,
      roomType: listing.roomType,
      capacity: listing.capacity,
      bedrooms: listing.bedrooms,
      beds: listing.beds,
      bathrooms: listing.bathrooms,
      amenities: listing.amenities,
      location: { ...publicPoint(listing), neighbourhood, city, region, country },
      basePrice: { amount: listing.price, currency: listing.currency },
      rating: listing.rating,
      reviewCount: listing.reviewCount,
      stay: null,
      instantBook: listing.instantBook,
      photo: { url: 'https://images.example.com/1.jpg', caption: 'Door' },
      distanceKm: expect.any(Number),
    });
    const { data: everywhere } = await get('limit=1');
    expect(everywhere[0]).toMatchObject({ photo: null, distanceKm: null });
  });

  test('does not tell points of one cell of the grid apart', async () => {
    const random = randomOf(77);
    const base = {
      ...randomListing(random),
      status: 'published' as const,
      latitude: 10.0001,
      longitude: 20.0004,
    };
    const twin = { ...base, id: randomListing(random).id, latitude: 9.9996, longitude: 19.9995 };
    await storeListings(server.resources.pool, hostId, [base, twin]);
    const { data } = await get('near=10.004,20.001&radiusKm=1&sort=distance');
    const [first, second] = data;
    expect(data).toHaveLength(2);
    expect(first.distanceKm).toBe(second.distanceKm);
    expect(first.location).toEqual(second.location);
    expect((await get('bbox=20.0002,10.00005,20.0005,10.0002')).data).toEqual([]);
    await server.resources.pool.query('delete from listings where id = any($1)', [[base.id, twin.id]]);
  });
});

test('counting stops at a thousand', async () => {
  const random = randomOf(5);
  const many = Array.from({ length: 1_001 }, () => ({
    ...randomListing(random),
    status: 'published' as const,
    latitude: 60,
    longitude: 25,
    capacity: 8,
  }));
  await storeListings(server.resources.pool, hostId, many);
  const total = async (query: string) => (await get(`bbox=24,59,26,61&limit=1&${query}`)).total;
  for (const query of [
    'sort=price&currency=USD',
    'sort=rating',
    'guests=8&sort=relevance',
    'q=helsinki%20or%20-helsinki',
  ])
    expect(await total(query), query).toEqual(
      query.includes('price')
        ? { count: many.filter(({ currency }) => currency === 'USD').length, capped: false }
        : { count: 1_000, capped: true },
    );
  await server.resources.pool.query('delete from listings where id = $1', [many[0]!.id]);
  expect(await total('sort=rating')).toEqual({ count: 1_000, capped: false });
  await server.resources.pool.query('delete from listings where id = any($1)', [many.map(({ id }) => id)]);
});
