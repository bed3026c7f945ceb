import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metresBetween } from '../../test/brute-search.ts';
import { callerOf } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { publicPoint } from '../listings/model.ts';

// Distances over real points. The published answers are for exact points; guests are told of rounded ones, so that the
// number found may differ by those that lie on the edge of the circle, and by no others.

const folder = path.join(import.meta.dirname, '../../../../../shared/data/inside-airbnb');
const cities = [
  {
    file: 'nyc-2019-summary/AB_NYC_2019.csv.gz',
    near: [40.7231, -73.9557],
    total: 48_895,
    within: { 0.5: 352, 1: 1_480 },
  },
  {
    file: 'seattle-2016-01/listings.csv.gz',
    near: [47.6236, -122.3289],
    total: 3_818,
    within: { 0.5: 82, 1: 327, 5: 2_329 },
  },
] as const;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  const { rows } = await server.resources.pool.query(
    'select count(*)::integer as wrong from listing_search_differences()',
  );
  await server.stop();
  expect(rows).toEqual([{ wrong: 0 }]);
});

async function pointsOf(file: string) {
  const text = await promisify(gunzip)(await readFile(path.join(folder, file)));
  const rows: Record<string, string>[] = parse(text, { columns: true, relax_quotes: true });
  return rows.map((row) => ({ latitude: Number(row.latitude), longitude: Number(row.longitude) }));
}

const publish = (points: { latitude: number; longitude: number }[]) =>
  server.resources.pool.query(
    `insert into listings (id, host_id, status, title, description, property_type, room_type, capacity, amenities, tags, house_rules,
       latitude, longitude, address, time_zone, currency, base_price, min_nights, max_nights, check_in_from, check_out_by,
       languages, cancellation_policy, instant_book, content_hash, created_at, updated_at)
     select gen_random_uuid(), (select id from users where role = 'user'), 'published', 'A room', 'Quiet', 'other', 'privateRoom', 2,
       '{}', '{}', '{}', latitude, longitude, '{}', 'UTC', 'USD', 5000, 1, 30, '15:00', '11:00', '{}', 'moderate', false, '',
       '2026-01-01', '2026-01-01'
     from unnest($1::float8[], $2::float8[]) as points (latitude, longitude)`,
    [points.map(({ latitude }) => latitude), points.map(({ longitude }) => longitude)],
  );

describe.each(cities)('$file', ({ file, near, total, within }) => {
  let points: { latitude: number; longitude: number }[];
  beforeAll(async () => {
    points = await pointsOf(file);
    for (let first = 0; first < points.length; first += 5_000)
      await publish(points.slice(first, first + 5_000));
  });

  test('has all its points', () => {
    expect(points).toHaveLength(total);
  });

  test.each(Object.entries(within))('within %s km', async (radiusKm, published) => {
    const centre = { latitude: near[0], longitude: near[1] };
    const distances: number[] = [];
    let cursor = '';
    do {
      const { status, body, text } = await callerOf(server)(
        'GET',
        `/v1/search?near=${near}&radiusKm=${radiusKm}&sort=distance&limit=100${cursor}`,
      );
      expect(status, text).toBe(200);
      distances.push(...body.data.map(({ distanceKm }: { distanceKm: number }) => distanceKm));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(distances).toEqual(
      points
        .map((point) => metresBetween(publicPoint(point), centre) / 1_000)
        .filter((distance) => distance <= Number(radiusKm))
        .sort((a, b) => a - b),
    );
    expect(points.filter((point) => metresBetween(point, centre) <= Number(radiusKm) * 1_000)).toHaveLength(
      published,
    );
    // Rounding moves a point by at most 70 m here.
    const near70 = points.filter(
      (point) => Math.abs(metresBetween(point, centre) - Number(radiusKm) * 1_000) <= 70,
    );
    expect(Math.abs(distances.length - published)).toBeLessThanOrEqual(near70.length);
    console.log(
      `${file} within ${radiusKm} km: ${distances.length} by rounded points, ${published} by exact ones`,
    );
  });
});
