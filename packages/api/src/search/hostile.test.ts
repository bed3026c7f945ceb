import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, callerOf } from '../../test/caller.ts';
import { randomListing, randomOf, storeListings } from '../../test/random-listings.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';

let server: TestServer;
let published: number;

beforeAll(async () => {
  server = await startTestServer();
  const { pool } = server.resources;
  const { rows } = await pool.query("select id from users where role = 'user'");
  const random = randomOf(3);
  await storeListings(
    pool,
    rows[0].id,
    Array.from({ length: 60 }, () => ({ ...randomListing(random), status: 'published' as const })),
  );
  published = 60;
});
afterAll(async () => {
  const { rows } = await server.resources.pool.query(
    'select (select count(*)::integer from listings) as listings, (select count(*)::integer from listing_search) as searched',
  );
  await server.stop();
  expect(rows).toEqual([{ listings: published, searched: published }]);
  expect(server.breaches).toEqual([]);
});

const search = (query: Record<string, string> | string): Promise<Answer> =>
  callerOf(server)('GET', `/v1/search?${new URLSearchParams(query)}`);
const naughtyStrings = async () =>
  JSON.parse(
    await readFile(
      path.join(import.meta.dirname, '../../../../../shared/data/json/naughty-strings/blns.json'),
      'utf8',
    ),
  ) as string[];

describe('whatever is typed', () => {
  test('as words is searched for', async () => {
    const injections = [
      "' or '1'='1",
      "'; drop table listings; --",
      "loft') or true --",
      '$1',
      "\\' union select password_hash from users --",
      '%27%20or%201=1',
      ":* & ! ( ) <-> 'a' @@",
      '"unclosed',
      '- - -',
      'or or or',
      '-"not this" or',
      'a'.repeat(500),
      '!!! ???',
      '\\',
      '\u0000',
      '\u202e\u200b',
      '🏠 🏡',
    ];
    for (const q of [...(await naughtyStrings()), ...injections]) {
      const { status, body, text } = await search({ q, limit: '1', facets: 'true' });
      expect([status, q], text).toEqual([200, q]);
      expect(body.total.count).toBeLessThanOrEqual(published);
    }
  });

  test('as a place is looked up, or refused by name', async () => {
    for (const place of [
      ...(await naughtyStrings()),
      "Brooklyn' or '1'='1",
      '%',
      '_',
      '|',
      "=us'",
      ',,,',
      'a,b,c,d,e,f',
    ]) {
      const { status, body, text } = await search({ place, limit: '1' });
      if (status === 422) expect(body.errors[0].pointer).toBe('/query/place');
      else {
        expect([status, place], text).toEqual([200, place]);
        expect(body.total.count).toBe(0);
      }
    }
  });

  test('anywhere is answered or refused, never failed over', async () => {
    const names = [
      'bbox',
      'near',
      'radiusKm',
      'place',
      'guests',
      'bedrooms',
      'beds',
      'bathrooms',
      'minPrice',
      'maxPrice',
      'currency',
      'roomType',
      'propertyType',
      'amenities',
      'instantBook',
      'q',
      'sort',
      'facets',
      'limit',
      'cursor',
    ];
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '',
        '0',
        '-1',
        '1e400',
        'NaN',
        'Infinity',
        '0x10',
        '1.5',
        'true',
        'price',
        'distance',
        'wifi,kitchen',
        '40,-73',
        '-180,-90,180,90',
        '99999999999999999999',
      ),
      fc.double().map(String),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 }),
        async (pairs) => {
          const query = pairs
            .map(([name, text]) => `${name}=${encodeURIComponent(text.toWellFormed())}`)
            .join('&');
          const { status, text } = await callerOf(server)('GET', `/v1/search?${query}`);
          expect([200, 400, 422], `${query}: ${text}`).toContain(status);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('what is wrong is told', () => {
  const problemsOf = async (query: Record<string, string> | string) => {
    const { status, body } = await search(query);
    expect([status, body.code]).toEqual([422, 'invalid_request']);
    return Object.fromEntries(
      body.errors.map(({ pointer, message }: Record<string, string>) => [pointer, message]),
    );
  };

  test('all at once: wrong values, unknown names and contradictions together', async () => {
    expect(
      await problemsOf({
        bbox: '0,0,1,1',
        near: '40,-73',
        place: 'Brooklyn',
        guests: '0',
        bathrooms: 'two',
        minPrice: '500',
        maxPrice: '100',
        roomType: 'entirePlace,igloo',
        amenities: 'wifi,slide',
        instantBook: 'yes',
        currency: 'XXX',
        sort: 'cheapest',
        limit: '101',
        pets: '2',
      }),
    ).toEqual({
      '/query/near': 'cannot be combined with bbox: say where in one way',
      '/query/place': 'cannot be combined with bbox: say where in one way',
      '/query/guests': 'must be 1 or more',
      '/query/bathrooms': 'must be a number',
      '/query/minPrice': 'must not exceed maxPrice',
      '/query/roomType/1': expect.stringContaining('"igloo" is not one of entirePlace, '),
      '/query/amenities/1': expect.stringContaining('"slide" is not one of wifi, '),
      '/query/instantBook': 'must be true or false',
      '/query/currency': expect.any(String),
      '/query/sort': expect.any(String),
      '/query/limit': expect.any(String),
      '/query/pets': expect.any(String),
    });
  });

  test.each([
    ['radiusKm=5', { '/query/radiusKm': 'needs near' }],
    ['sort=distance', { '/query/sort': 'cannot be distance without near' }],
    ['sort=distance&place=Brooklyn', { '/query/sort': 'cannot be distance without near' }],
    ['near=91,0', { '/query/near': 'must have a latitude between -90 and 90' }],
    ['near=0', { '/query/near': 'must be two numbers: latitude,longitude' }],
    ['near=0,0&radiusKm=501', { '/query/radiusKm': 'must be 500 or less' }],
    ['bbox=1,2,3', { '/query/bbox': 'must be four numbers: west,south,east,north' }],
    ['bbox=0,1,1,0', { '/query/bbox': 'must have its south below its north' }],
    ['bbox=0,0,181,1', { '/query/bbox': 'must have its west and east between -180 and 180' }],
    ['bbox=0,0,1e1,1', { '/query/bbox': 'must be four numbers: west,south,east,north' }],
    ['guests=2.5', { '/query/guests': 'must be a whole number' }],
    ['guests=', { '/query/guests': 'must be a number' }],
    ['guests=2&guests=3', { '/query/guests': 'must be a number' }],
    ['place=a&place=b', { '/query/place': expect.any(String) }],
  ])('%s', async (query, problems) => {
    expect(await problemsOf(query)).toEqual(problems);
  });

  test('a list may be separated by commas or repeated, and be empty', async () => {
    const count = async (query: string) => (await search(query)).body.total.count;
    expect(await count('roomType=entirePlace,privateRoom')).toBe(
      await count('roomType=entirePlace&roomType=privateRoom'),
    );
    expect(await count('roomType=')).toBe(published);
    expect(await count('amenities=&q=')).toBe(published);
  });
});
