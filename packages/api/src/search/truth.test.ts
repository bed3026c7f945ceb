import { AMENITIES } from '@sojourn/shared/vocabulary';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import {
  pick,
  randomListing,
  randomOf,
  type StoredListing,
  storeListings,
  whole,
} from '../../test/random-listings.ts';
import { openPool } from '../platform/db/connect.ts';
import { openLog } from '../platform/log.ts';

// The search tables hold exactly what follows from the listings, at every moment and whoever wrote them.

const HOST = '01900000-0000-7000-8000-000000000001';
let database: TestDatabase;
let owner: pg.Client;
/** Works as the application does: without the right to define or to own anything. */
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client(database.url);
  await owner.connect();
  await owner.query(
    `insert into users (id, email, password_hash, display_name, created_at, updated_at)
     values ('${HOST}', 'host@example.com', '', 'Host', '2026-01-01', '2026-01-01')`,
  );
  pool = await openPool(database.url, 4, openLog('silent'));
});
afterAll(async () => {
  await pool.end();
  await owner.end();
  await database.drop();
});
beforeEach(async () => {
  await owner.query('truncate listings cascade');
  await owner.query('delete from listing_search_places');
});

const differences = async () =>
  (await pool.query('select * from listing_search_differences() order by listing_id, difference')).rows;
const rowOf = async (id: string) =>
  (await owner.query('select *, xmin, ctid from listing_search where listing_id = $1', [id])).rows[0];
const textOf = async (id: string) =>
  (await owner.query('select *, xmin, ctid from listing_search_text where listing_id = $1', [id])).rows[0];
const count = async () => (await owner.query('select count(*)::integer from listing_search')).rows[0].count;
const store = (listings: Partial<StoredListing>[]) => storeListings(pool, HOST, listings);
const listings = (seed: number, number: number, changes: Partial<StoredListing> = {}) => {
  const random = randomOf(seed);
  return Array.from({ length: number }, () => ({ ...randomListing(random), ...changes }));
};

describe('a published listing', () => {
  test('has the row that follows from it', async () => {
    const [listing] = listings(1, 1, {
      status: 'published',
      latitude: -0.0004,
      longitude: 179.99951,
      price: 12_345,
      rating: 4.85,
      reviewCount: 27,
      bathrooms: 1.5,
      amenities: ['wifi', 'cableTv', 'longTermStays', 'lockOnDoor'],
      address: {
        line1: 'Hidden 1',
        neighbourhood: 'Vieux-Québec',
        city: 'Ballard, Seattle',
        region: 'WA',
        postalCode: 'XK1',
        country: 'US',
      },
    });
    await store([listing!]);
    const bit = (name: (typeof AMENITIES)[number]) => 1n << BigInt(AMENITIES.indexOf(name));
    const bits = bit('wifi') | bit('cableTv') | bit('longTermStays') | bit('lockOnDoor');
    expect(await rowOf(listing!.id)).toMatchObject({
      price: '12345',
      latitude: 0,
      longitude: -180_000,
      small_cell: 1_800 * 7_200,
      large_cell: 90 * 360,
      rating: 485,
      review_count: 27,
      quality: Math.trunc((10 * (5 * 450 + 485 * 27)) / 32),
      bathrooms: 1.5,
      amenities_low: String(BigInt.asIntN(64, bits)),
      amenities_high: String(bits >> 64n),
      places: '|vieux-quebec|ballard|seattle|wa|=us|',
    });
  });

  test.each(['draft', 'paused', 'archived', 'suspended'])('has none while it is %s', async (status) => {
    const [listing] = listings(2, 1, { status: 'published' });
    await store([listing!]);
    await pool.query('update listings set status = $1', [status]);
    expect(await rowOf(listing!.id)).toBeUndefined();
    expect(await textOf(listing!.id)).toBeUndefined();
    await pool.query("update listings set status = 'published'");
    expect(await rowOf(listing!.id)).toBeDefined();
    expect(await differences()).toEqual([]);
  });

  test('is not written anew when nothing changes that is searched for', async () => {
    const all = listings(3, 20, { status: 'published' });
    await store(all);
    const before: unknown[][] = [];
    for (const { id } of all) before.push([await rowOf(id), await textOf(id)]);
    await store(
      all.map((listing, index) => (index === 7 ? { ...listing, price: listing.price + 1 } : listing)),
    );
    await pool.query("update listings set updated_at = '2026-02-02', cleaning_fee = 5");
    for (const [index, { id }] of all.entries()) {
      const [row, text] = before[index]!;
      if (index === 7) expect(await rowOf(id)).toMatchObject({ price: String(all[7]!.price + 1) });
      else expect(await rowOf(id)).toEqual(row);
      expect(await textOf(id)).toEqual(text);
    }
  });

  test('never fails to be written for what it is called', async () => {
    const long = '㍿'.repeat(100);
    const address = {
      line1: long,
      neighbourhood: long,
      city: '|'.repeat(100),
      region: long,
      postalCode: long,
      country: 'US',
    };
    const [listing] = listings(4, 1, {
      status: 'published',
      title: "'; drop table listings; --",
      description: `${'a'.repeat(9_000)} ${"& | ! <-> :* \\ '".repeat(50)}`,
      tags: ['', "'", '\\'],
      address,
    });
    await store([listing!]);
    expect(await count()).toBe(1);
    expect(await differences()).toEqual([]);
  });
});

describe('the tables equal their rebuild', () => {
  test.each([1, 2, 3])('after any mix of writes (%d)', async (seed) => {
    const random = randomOf(seed * 1_000);
    const known = new Map<string, StoredListing>();
    for (let step = 0; step < 30; step++) {
      const some = [...known.values()].filter(() => random() < 0.3);
      const action = pick(random, [
        'insert',
        'upsert',
        'status',
        'price',
        'text',
        'rating',
        'delete',
        'rollback',
      ] as const);
      if (action === 'insert' || action === 'upsert') {
        const fresh = Array.from({ length: whole(random, 1, 40) }, () => randomListing(random));
        const changed = action === 'upsert' ? some.map(({ id }) => ({ ...randomListing(random), id })) : [];
        await store([...fresh, ...changed]);
        for (const listing of [...fresh, ...changed]) known.set(listing.id, listing);
      }
      const ids = some.map(({ id }) => id);
      if (action === 'status')
        await pool.query('update listings set status = $1 where id = any($2)', [
          pick(random, ['published', 'paused', 'archived']),
          ids,
        ]);
      if (action === 'price')
        await pool.query('update listings set base_price = base_price + 1 where id = any($1)', [ids]);
      if (action === 'text')
        await pool.query("update listings set title = title || ' new' where id = any($1)", [ids]);
      if (action === 'rating')
        await pool.query('update listings set rating = 4.2, review_count = 9 where id = any($1)', [ids]);
      if (action === 'delete') {
        await pool.query('delete from listings where id = any($1)', [ids]);
        for (const id of ids) known.delete(id);
      }
      if (action === 'rollback') {
        const client = await pool.connect();
        await client.query('begin');
        await client.query('delete from listings where id = any($1)', [ids]);
        await client.query('rollback');
        client.release();
      }
      expect(await differences(), `after ${action}`).toEqual([]);
    }
    expect(await count()).toBeGreaterThan(0);
    expect((await pool.query('select rebuild_listing_search() as mended')).rows).toEqual([{ mended: 0 }]);
  });

  test('after concurrent imports of one city, which do not wait for each other', async () => {
    const city = {
      line1: null,
      neighbourhood: null,
      city: 'Oslo',
      region: null,
      postalCode: null,
      country: 'NO',
    };
    const [first, second] = await Promise.all([pool.connect(), pool.connect()]);
    await first.query('begin');
    await storeListings(
      first as unknown as pg.Client,
      HOST,
      listings(5, 20, { status: 'published', address: city }),
    );
    await storeListings(
      second as unknown as pg.Client,
      HOST,
      listings(6, 20, { status: 'published', address: city }),
    );
    await first.query('commit');
    first.release();
    second.release();
    expect(await differences()).toEqual([]);
  });

  test('after a table was emptied', async () => {
    await store(listings(7, 5));
    await owner.query('truncate listings cascade');
    expect(await count()).toBe(0);
    expect(await differences()).toEqual([]);
  });
});

describe('a difference', () => {
  const planted = {
    missing: 'delete from listing_search where listing_id = $1',
    surplus: "update listings set status = 'draft' where id = $1",
    stale: 'update listing_search set price = price + 1 where listing_id = $1',
    text: "update listing_search_text set words = 'other' where listing_id = $1",
    place: "delete from listing_search_places where $1::uuid is not null and name = 'old town'",
  };

  test.each(Object.entries(planted))('is found when it is %s, and mended', async (difference, plant) => {
    const address = {
      line1: null,
      neighbourhood: 'Old Town',
      city: 'Oslo',
      region: null,
      postalCode: null,
      country: 'NO',
    };
    const all = listings(8, 10, { status: 'published', address });
    await store(all);
    await owner.query('alter table listings disable trigger user');
    await owner.query(plant, [all[3]!.id]);
    await owner.query('alter table listings enable trigger user');
    const found = await differences();
    expect(found).toContainEqual({ listing_id: all[3]!.id, difference });
    const wrong = new Set(found.map(({ listing_id }) => listing_id)).size;
    expect((await pool.query('select rebuild_listing_search() as mended')).rows).toEqual([{ mended: wrong }]);
    expect(await differences()).toEqual([]);
  });

  test('is everything when the tables are empty', async () => {
    await store(listings(9, 50, { status: 'published' }));
    await owner.query(
      'delete from listing_search; delete from listing_search_text; delete from listing_search_places',
    );
    expect((await pool.query('select rebuild_listing_search() as mended')).rows).toEqual([{ mended: 50 }]);
    expect(await count()).toBe(50);
    expect(await differences()).toEqual([]);
  });
});

test('the bits of the amenities are in the order of the vocabulary', async () => {
  const { rows } = await owner.query('select amenity_bits() as bits');
  expect(rows[0].bits).toEqual(Object.fromEntries(AMENITIES.map((name, bit) => [name, bit])));
});

describe('calendars', () => {
  const block = (client: pg.PoolClient | pg.Pool, id: string, from: string, to: string) =>
    client.query(
      `insert into occupied_nights (id, listing_id, kind, nights) values (gen_random_uuid(), $1, 'block', daterange($2, $3))`,
      [id, from, to],
    );
  const staysOf = async (id: string) =>
    (await owner.query('select * from listing_search_stays where listing_id = $1', [id])).rows[0];

  test('of two who write at once lose nothing', async () => {
    const [listing] = listings(21, 1, { status: 'draft' });
    await store([listing!]);
    const [one, other] = [await pool.connect(), await pool.connect()];
    try {
      await one.query('begin');
      await other.query('begin');
      await block(one, listing!.id, '2027-01-01', '2027-01-03');
      await block(other, listing!.id, '2027-02-01', '2027-02-03');
      await other.query("update listings set status = 'published'");
      await one.query(
        `insert into calendar_settings (listing_id, dates, price) values ($1, '[2027-01-05,2027-01-07)', 5)`,
        [listing!.id],
      );
      await Promise.all([one.query('commit'), other.query('commit')]);
    } finally {
      one.release();
      other.release();
    }
    const stays = await staysOf(listing!.id);
    expect(stays).toMatchObject({
      busy: '{[2027-01-01,2027-01-03),[2027-02-01,2027-02-03)}',
      least_step_price: '5',
    });
    expect(Number(stays.price_floor)).toBeLessThanOrEqual(5);
    expect(await rowOf(listing!.id)).toMatchObject({ price_floor: stays.price_floor });
    expect(await differences()).toEqual([]);
  });

  test('of many listings are written in any order without a deadlock', async () => {
    const all = listings(22, 40, { status: 'published' });
    await store(all);
    const write = async (ids: string[], month: number) => {
      const client = await pool.connect();
      try {
        await client.query('begin');
        for (const id of ids) await block(client, id, `2027-0${month}-01`, `2027-0${month}-05`);
        await client.query('commit');
      } finally {
        client.release();
      }
    };
    const ids = all.map(({ id }) => id);
    const reversed = ids.toReversed();
    await Promise.all([
      write(ids, 1),
      write(reversed, 2),
      write(ids, 3),
      pool.query('update listings set base_price = base_price + 1'),
    ]);
    expect(await differences()).toEqual([]);
  });

  test('are followed when they are emptied', async () => {
    const [listing] = listings(23, 1, { status: 'published' });
    await store([listing!]);
    await block(pool, listing!.id, '2027-01-01', '2027-01-03');
    await owner.query('truncate occupied_nights');
    expect(await staysOf(listing!.id)).toMatchObject({ busy: '{}' });
    expect(await differences()).toEqual([]);
  });
});
