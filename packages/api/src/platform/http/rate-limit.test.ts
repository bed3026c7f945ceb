import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../../../test/database.ts';
import { redisServer } from '../../../test/programs.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { openRedis } from '../redis.ts';
import { type LimitStore, openRateLimits } from './rate-limit.ts';

const log = pino({ level: 'silent' });
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let redis: TestRedis | undefined;
const opened: LimitStore[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  redis = redisServer === undefined ? undefined : await startTestRedis();
});
afterAll(async () => {
  for (const store of opened) {
    store.redis?.disconnect();
    await store.pool.end();
  }
  await redis?.remove();
  await database.drop();
});

const limitsOf = (store: LimitStore, limit: number) =>
  openRateLimits(store, { perCredential: limit, perAddress: limit, signIn: limit });

async function openStore(kind: 'postgres' | 'redis'): Promise<LimitStore> {
  const store: LimitStore = {
    pool: new pg.Pool({ connectionString: database.url, max: 5 }),
    redis: kind === 'redis' ? await openRedis(redis!.url, log) : undefined,
  };
  opened.push(store);
  return store;
}

const openProcess = async (kind: 'postgres' | 'redis', limit: number) =>
  limitsOf(await openStore(kind), limit);

const stores = [
  { name: 'PostgreSQL', kind: 'postgres', missing: false },
  { name: 'Redis (needs redis-server)', kind: 'redis', missing: !redisServer },
] as const;

for (const { name, kind, missing } of stores)
  describe.skipIf(missing)(`limits in ${name}`, () => {
    test('several processes together allow the limit, to five in a hundred', async () => {
      const processes = await Promise.all([1, 2, 3].map(() => openProcess(kind, 1_000)));
      const taken = await Promise.all(
        Array.from({ length: 3_000 }, (_, i) => processes[i % 3]!.take('perCredential', 'one')),
      );
      const allowed = taken.filter(({ allowed }) => allowed).length;
      expect(allowed).toBeLessThanOrEqual(1_000);
      expect(allowed).toBeGreaterThanOrEqual(950);
    });

    test('two processes together allow a small limit exactly', async () => {
      const processes = await Promise.all([1, 2].map(() => openProcess(kind, 40)));
      const taken = await Promise.all(
        Array.from({ length: 200 }, (_, i) => processes[i % 2]!.take('signIn', 'both')),
      );
      expect(taken.filter(({ allowed }) => allowed)).toHaveLength(40);
    });

    test('small limits are exact, keys and buckets stand alone, and the answer says how long', async () => {
      const limits = await openProcess(kind, 3);
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
  });

test('a database that does not answer limits each process by itself', async () => {
  const pool = new pg.Pool({
    connectionString: 'postgres://nobody@127.0.0.1:1/none',
    connectionTimeoutMillis: 200,
  });
  const limits = limitsOf({ pool }, 2);
  const states = [];
  for (let i = 0; i < 3; i++) states.push((await limits.take('perAddress', 'a')).allowed);
  expect(states).toEqual([true, true, false]);
  await pool.end();
});

describe.skipIf(!redisServer)('limits while Redis is away (needs redis-server)', () => {
  /** How long it took, and who of three was let in, with a limit of two. */
  async function threeTimes(store: LimitStore, key: string) {
    const limits = limitsOf(store, 2);
    const began = performance.now();
    const allowed = [];
    for (let i = 0; i < 3; i++) allowed.push((await limits.take('perAddress', key)).allowed);
    return { allowed, tookMs: performance.now() - began };
  }
  const ready = (store: LimitStore) =>
    vi.waitFor(() => expect(store.redis?.status).toBe('ready'), { timeout: 5_000, interval: 20 });

  test('stopped: each process limits by itself at once, and together again afterwards', async () => {
    const store = await openStore('redis');
    await redis!.stop();
    const meanwhile = await threeTimes(store, 'stopped');
    expect(meanwhile.allowed).toEqual([true, true, false]);
    expect(meanwhile.tookMs).toBeLessThan(200);
    await redis!.start();
    await ready(store);
    await threeTimes(store, 'back');
    expect((await limitsOf(await openStore('redis'), 2).take('perAddress', 'back')).allowed).toBe(false);
  });

  test('frozen: nobody waits longer than a command may take, and soon nobody waits at all', async () => {
    const store = await openStore('redis');
    redis!.freeze();
    const first = await threeTimes(store, 'frozen');
    expect(first.allowed).toEqual([true, true, false]);
    expect(first.tookMs).toBeLessThan(1_000);
    await vi.waitFor(() => expect(store.redis?.status).not.toBe('ready'), { timeout: 2_000, interval: 20 });
    expect((await threeTimes(store, 'still frozen')).tookMs).toBeLessThan(100);
    redis!.thaw();
    await ready(store);
  });
});
