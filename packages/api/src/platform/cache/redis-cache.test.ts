import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { redisServer } from '../../../test/programs.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { openRedis } from '../redis.ts';
import { type Cache, type SharedSpace, sharedSpace } from './cache.ts';
import { openRedisCache } from './redis-cache.ts';

const log = pino({ level: 'silent' });
const warned = vi.spyOn(log, 'warn');

let server: TestRedis;
let connections: [Redis, Redis];
/** Two processes. */
let here: Cache;
let there: Cache;
let space: SharedSpace<string>;
/** What is true now, and how often it was looked up. */
let truth: string;
let loads: number;
let spaces = 0;

const aSpace = (ttlMs: number) =>
  sharedSpace<string>({ name: `truths-${spaces++}`, version: 7, ttlMs, max: 1_000 });
const read = async () => {
  loads += 1;
  const found = truth;
  await sleep(10);
  return found;
};
const pathOf = (key: string) => `sojourn:cache:${space.name}.7:${key}`;
const bothReady = () =>
  vi.waitFor(() => expect(connections.map(({ status }) => status)).toEqual(['ready', 'ready']), {
    timeout: 8_000,
    interval: 20,
  });

describe.skipIf(!redisServer)('two processes with one Redis (needs redis-server)', () => {
  beforeAll(async () => {
    server = await startTestRedis();
    connections = [await openRedis(server.url, log), await openRedis(server.url, log)];
  });
  afterAll(async () => {
    for (const connection of connections) connection.disconnect();
    await server.remove();
  });
  beforeEach(async () => {
    await bothReady();
    [here, there] = connections.map((connection) => openRedisCache(connection, log)) as [Cache, Cache];
    space = aSpace(60_000);
    truth = 'before';
    loads = 0;
    warned.mockClear();
  });

  test('load once for all who ask both at once', async () => {
    const given = await Promise.all(
      Array.from({ length: 200 }, (_, i) => (i % 2 ? here : there).remember(space, 'a', read)),
    );
    expect(loads).toBe(1);
    expect(new Set(given)).toEqual(new Set(['before']));
  });

  test('are given equal values, whatever they are', async () => {
    let key = 0;
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const any = space as unknown as SharedSpace<unknown>;
        key += 1;
        const text = JSON.stringify(value);
        await here.remember(any, String(key), async () => value);
        const back = await there.remember(any, String(key), async () => 'it was not stored');
        expect(JSON.stringify(back)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test('show a value together no longer than its time, counted from when its load began', async () => {
    space = aSpace(400);
    const began = performance.now();
    await here.remember(space, 'a', async () => {
      await sleep(150);
      return read();
    });
    await sleep(50);
    expect(await there.remember(space, 'a', read)).toBe('before');
    expect(loads).toBe(1);
    truth = 'after';
    while ((await there.remember(space, 'a', read)) === 'before') {
      expect(performance.now() - began).toBeLessThan(400 + 50);
      await sleep(5);
    }
  });

  test('do not store what began to load before the other one forgot it', async () => {
    const slow = async () => {
      const found = truth;
      await sleep(80);
      return found;
    };
    const loading = here.remember(space, 'a', slow);
    await sleep(30);
    truth = 'after';
    await there.forget(space, ['a', 'b']);
    expect(await loading).toBe('before');
    await sleep(30);
    expect(await there.remember(space, 'a', read)).toBe('after');
  });

  test('do not wait long for one that died while it loaded', async () => {
    await server.command('set', pathOf('a'), '?nobody', 'px', '5000');
    const asked = performance.now();
    expect(await here.remember(space, 'a', read)).toBe('before');
    expect(performance.now() - asked).toBeLessThan(400);
  });

  test('leave alone what is too large, is no value, or cannot be written', async () => {
    truth = 'x'.repeat(300_000);
    await here.remember(space, 'large', read);
    await sleep(20);
    expect(await server.command('exists', pathOf('large'))).toBe(0);

    await server.command('set', pathOf('odd'), '={', 'px', '5000');
    truth = 'before';
    expect(await here.remember(space, 'odd', read)).toBe('before');

    await server.command('config', 'set', 'maxmemory', '1');
    for (const key of ['c', 'd']) expect(await there.remember(space, key, read)).toBe('before');
    await server.command('config', 'set', 'maxmemory', '0');
    expect(warned.mock.calls.map(([line]) => (line as { reason?: string }).reason)).toEqual([
      expect.stringContaining('OOM'),
    ]);
  });

  test('go on while Redis is stopped, killed and flushed, and share again afterwards', async () => {
    for (const end of [() => server.stop(), () => server.kill()]) {
      await here.remember(space, 'warm', read);
      await end();
      const asked = performance.now();
      for (let i = 0; i < 50; i++) expect(await here.remember(space, `down-${i}`, async () => 'x')).toBe('x');
      expect(performance.now() - asked).toBeLessThan(500);
      await server.start();
      await bothReady();
      await server.flush();
      // After a silence nobody asks for a second.
      await vi.waitFor(
        async () => {
          const key = `back-${loads}`;
          await here.remember(space, key, read);
          await sleep(20);
          const before = loads;
          await there.remember(space, key, read);
          expect(loads).toBe(before);
        },
        { timeout: 3_000, interval: 100 },
      );
    }
  });

  test('wait for a frozen Redis once, and not each for itself', async () => {
    server.freeze();
    const asked = performance.now();
    for (let i = 0; i < 50; i++) await here.remember(space, `frozen-${i}`, async () => 'x');
    expect(performance.now() - asked).toBeLessThan(450);
    server.thaw();
  });

  test('do not get from a Redis that thaws what is older than its time', async () => {
    space = aSpace(400);
    const loading = here.remember(space, 'a', async () => {
      const found = truth;
      server.freeze();
      return found;
    });
    expect(await loading).toBe('before');
    await sleep(450);
    truth = 'after';
    server.thaw();
    await bothReady();
    expect(await there.remember(space, 'a', read)).toBe('after');
  });

  test('do not get back what they forgot while Redis was away', async () => {
    await here.remember(space, 'a', read);
    await sleep(20);
    await server.stop();
    truth = 'after';
    await here.forget(space, ['a']);
    await server.start();
    await bothReady();
    await sleep(1_100);
    expect(await server.command('get', pathOf('a'))).toBe('="before"');
    expect(await here.remember(space, 'a', read)).toBe('after');
  });
});
