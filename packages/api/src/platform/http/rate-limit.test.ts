import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/database.ts';
import { openRateLimits } from './rate-limit.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
const pools: pg.Pool[] = [];
const openProcess = (limit: number) => {
  const pool = new pg.Pool({ connectionString: database.url, max: 5 });
  pools.push(pool);
  return openRateLimits(pool, { perCredential: limit, perAddress: limit, signIn: limit });
};

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

test('several processes together allow the limit, to five in a hundred', async () => {
  const processes = [openProcess(1_000), openProcess(1_000), openProcess(1_000)];
  const taken = await Promise.all(
    Array.from({ length: 3_000 }, (_, i) => processes[i % 3]!.take('perCredential', 'one')),
  );
  const allowed = taken.filter(({ allowed }) => allowed).length;
  expect(allowed).toBeLessThanOrEqual(1_000);
  expect(allowed).toBeGreaterThanOrEqual(950);
});

test('small limits are exact, keys and buckets stand alone, and the answer says how long', async () => {
  const limits = openProcess(3);
  const states = [];
  for (let i = 0; i < 5; i++) states.push(await limits.take('signIn', 'a'));
  expect(states.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
    [true, 2],
    [true, 1],
    [true, 0],
    [false, 0],
    [false, 0],
  ]);
  expect(states[4]!.resetSeconds).toBeGreaterThan(50);
  expect((await limits.take('signIn', 'b')).allowed).toBe(true);
  expect((await limits.take('perAddress', 'a')).allowed).toBe(true);
});

test('a database that does not answer limits each process by itself', async () => {
  const pool = new pg.Pool({
    connectionString: 'postgres://nobody@127.0.0.1:1/none',
    connectionTimeoutMillis: 200,
  });
  const limits = openRateLimits(pool, { perCredential: 2, perAddress: 2, signIn: 2 });
  const states = [];
  for (let i = 0; i < 3; i++) states.push((await limits.take('perAddress', 'a')).allowed);
  expect(states).toEqual([true, true, false]);
  await pool.end();
});
