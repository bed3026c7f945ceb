import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisServer } from '../../../test/programs.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { openRedis } from '../redis.ts';
import { type Cache, localSpace, sharedSpace } from './cache.ts';
import { invalidateByEvents } from './invalidation.ts';
import { openMemoryCache } from './memory-cache.ts';
import { openRedisCache } from './redis-cache.ts';

interface Backend {
  open(): Promise<Cache>;
  close(): Promise<void>;
}

const memory = async (): Promise<Backend> => ({ open: async () => openMemoryCache(), close: async () => {} });

async function redis(): Promise<Backend> {
  const log = pino({ level: 'silent' });
  const server: TestRedis = await startTestRedis();
  const connection = await openRedis(server.url, log);
  return {
    open: async () => openRedisCache(connection, log),
    async close() {
      connection.disconnect();
      await server.remove();
    },
  };
}

const backends = [
  { name: 'in memory', start: memory, missing: false },
  { name: 'in Redis (needs redis-server)', start: redis, missing: !redisServer },
];

interface Stay {
  nights: number;
  notes: string[];
}
const LONG = { ttlMs: 60_000, max: 100 };
const SHORT = { ttlMs: 80, max: 100 };
let spaces = 0;
const aSharedSpace = (times = LONG) => sharedSpace<Stay>({ ...times, name: `stays-${spaces++}`, version: 1 });
const aLocalSpace = (keepsMissing = false) =>
  localSpace<Stay>({ ...LONG, name: `local-${spaces++}`, keepsMissing });

/** A source that counts how often it is read; each reading is another one. */
function source(work: () => Promise<void> = () => sleep(5)) {
  const read = async (): Promise<Stay> => {
    const nights = ++counted.loads;
    await work();
    return { nights, notes: [] };
  };
  const counted = { loads: 0, read };
  return counted;
}

function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

for (const { name, start, missing } of backends)
  describe.skipIf(missing)(`the cache ${name}`, () => {
    let backend: Backend;
    let cache: Cache;
    beforeAll(async () => {
      backend = await start();
      cache = await backend.open();
    });
    afterAll(() => backend?.close());

    test.each([
      ['shared', aSharedSpace],
      ['local', () => aLocalSpace()],
    ])('loads once for a hundred who ask at once, and gives all the same object (%s)', async (_, make) => {
      const space = make();
      const from = source();
      const given = await Promise.all(
        Array.from({ length: 100 }, () => cache.remember(space, 'a', from.read)),
      );
      expect(from.loads).toBe(1);
      expect(new Set([...given, await cache.remember(space, 'a', from.read)]).size).toBe(1);
      await cache.remember(space, 'b', from.read);
      expect(from.loads).toBe(2);
    });

    test('shows a value for its time, counted from when its load began', async () => {
      const space = aSharedSpace(SHORT);
      const from = source(() => sleep(50));
      const began = performance.now();
      while ((await cache.remember(space, 'a', from.read))?.nights === 1) {
        expect(performance.now() - began).toBeLessThan(80 + 40);
        await sleep(1);
      }
      expect(from.loads).toBe(2);
    });

    test('does not show after a forget what began to load before it', async () => {
      const space = aSharedSpace();
      const { open, opened } = gate();
      const from = source(() => opened);
      const before = cache.remember(space, 'a', from.read);
      await sleep(20);
      await cache.forget(space, ['a']);
      const after = cache.remember(space, 'a', from.read);
      open();
      expect([await before, await after]).toMatchObject([{ nights: 1 }, { nights: 2 }]);
      await sleep(20);
      expect(await cache.remember(space, 'a', from.read)).toMatchObject({ nights: 2 });
    });

    test('forgets in this process before the promise is there', async () => {
      const space = aSharedSpace();
      const from = source();
      await cache.remember(space, 'a', from.read);
      void cache.forget(space, ['a']);
      expect(await cache.remember(space, 'a', from.read)).toMatchObject({ nights: 2 });
    });

    test('tells a failure to all who wait, and asks again afterwards', async () => {
      const space = aSharedSpace();
      const failing = source(() => Promise.reject(new Error('gone')));
      const told = await Promise.allSettled(
        Array.from({ length: 10 }, () => cache.remember(space, 'a', failing.read)),
      );
      expect(told.every(({ status }) => status === 'rejected')).toBe(true);
      expect(failing.loads).toBe(1);
      expect(await cache.remember(space, 'a', source().read)).toMatchObject({ nights: 1 });
    });

    test('keeps what is not there only where that is worth knowing', async () => {
      for (const [space, loads] of [
        [aSharedSpace(), 2],
        [aLocalSpace(), 2],
        [aLocalSpace(true), 1],
      ] as const) {
        let asked = 0;
        const nothing = async () => void asked++ as undefined;
        await cache.remember(space, 'a', nothing);
        expect(await cache.remember(space, 'a', nothing)).toBeUndefined();
        expect(asked).toBe(loads);
      }
    });

    test('believes what it is told over a load that is under way', async () => {
      const space = aLocalSpace(true);
      const { open, opened } = gate();
      const from = source(() => opened);
      const before = cache.remember(space, 'a', from.read);
      cache.put(space, 'a', undefined);
      open();
      await before;
      expect(await cache.remember(space, 'a', from.read)).toBeUndefined();
    });

    test('forgets what events of any process tell', async () => {
      const space = aSharedSpace();
      const from = source();
      const hear = invalidateByEvents(cache, [
        { types: ['stay.changed'], space, keyOf: ({ subjectId }) => subjectId },
        { types: ['stay.changed'], space, keyOf: () => undefined },
      ]);
      await cache.remember(space, 'a', from.read);
      const event = { subjectId: 'a', data: {} };
      hear([{ ...event, type: 'stay.seen' }]);
      expect(await cache.remember(space, 'a', from.read)).toMatchObject({ nights: 1 });
      hear([
        { ...event, type: 'stay.seen' },
        { ...event, type: 'stay.changed' },
      ]);
      expect(await cache.remember(space, 'a', from.read)).toMatchObject({ nights: 2 });
    });
  });

test('a shared space takes nothing that JSON would not bring back', () => {
  const times = { ...LONG, name: 'typed', version: 1 };
  sharedSpace<{ list: readonly { text?: string | undefined; none: null }[] }>(times);
  // @ts-expect-error a date comes back as a text
  sharedSpace<{ at: Date }>(times);
  // @ts-expect-error a map comes back empty
  sharedSpace<{ names: Map<string, string>[] }>(times);
  // @ts-expect-error a bigint cannot be written
  sharedSpace<{ id: bigint }>(times);
  // @ts-expect-error a function is left out
  sharedSpace<{ view(): string }>(times);
});
