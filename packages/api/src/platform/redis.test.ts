import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { redisServer } from '../../test/programs.ts';
import { startTestRedis, type TestRedis } from '../../test/redis.ts';
import { openRedis, RedisError } from './redis.ts';

const logged: { level: number; msg: string; reason?: string }[] = [];
const log = pino(
  { level: 'info' },
  new Writable({
    write: (chunk, _encoding, done) => done(void logged.push(JSON.parse(String(chunk)))),
  }),
);
beforeEach(() => {
  logged.length = 0;
});

const refusal = (url: string) =>
  openRedis(url, log).then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(RedisError);
      return (error as Error).message;
    },
  );

test('a Redis that is not there is told with its address and without the password', async () => {
  const message = await refusal('redis://user:hunter2@127.0.0.1:1');
  expect(message).toMatch(/REDIS_URL.*127\.0\.0\.1:1.*ECONNREFUSED/);
  expect(message).not.toContain('hunter2');
});

describe.skipIf(!redisServer)('the connection (needs redis-server)', () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await startTestRedis();
  });
  afterAll(() => server.remove());
  afterEach(() => {
    server.thaw();
    return server.start();
  });

  test('is refused when the password is wrong, without telling it', async () => {
    await server.command('config', 'set', 'requirepass', 'right');
    const url = new URL(server.url);
    url.password = 'hunter2';
    const message = await refusal(url.href);
    expect(message).toMatch(/WRONGPASS/);
    expect(message).not.toContain('hunter2');
    await server.kill();
  });

  test('is refused when the server answers nothing', async () => {
    server.freeze();
    expect(await refusal(server.url)).toMatch(/timed out|timeout/);
  });

  test('tells an outage once at its start and once at its end, and fails at once meanwhile', async () => {
    const redis = await openRedis(server.url, log);
    await server.kill();
    await vi.waitFor(() => expect(logged).toHaveLength(1));
    for (let i = 0; i < 3; i++) {
      const asked = performance.now();
      await expect(redis.get('a')).rejects.toThrow();
      expect(performance.now() - asked).toBeLessThan(100);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(logged.map(({ msg }) => msg)).toEqual([expect.stringMatching(/does not answer/)]);
    await server.start();
    await vi.waitFor(() => expect(redis.status).toBe('ready'), 5_000);
    expect(logged.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/does not answer/),
      'Redis answers again',
    ]);
    redis.disconnect();
    await vi.waitFor(() => expect(redis.status).toBe('end'));
    expect(logged).toHaveLength(2);
  });

  test('gives up a command after a quarter of a second, and a frozen server after half of one', async () => {
    const redis = await openRedis(server.url, log);
    server.freeze();
    const asked = performance.now();
    await expect(redis.get('a')).rejects.toThrow('timed out');
    expect(performance.now() - asked).toBeLessThan(400);
    await vi.waitFor(() => expect(redis.status).not.toBe('ready'));
    server.thaw();
    await vi.waitFor(() => expect(redis.status).toBe('ready'), 5_000);
    expect(await redis.get('a')).toBe(null);
    redis.disconnect();
  });
});

describe.skipIf(!redisServer)('a maxmemory-policy (needs redis-server)', () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await startTestRedis();
  });
  afterAll(() => server.remove());
  /** As a managed server lets its customers in. */
  const urlWithout = async (...forbidden: string[]) => {
    const rules = ['on', '>secret', '~*', '&*', '+@all', ...forbidden.map((name) => `-${name}`)];
    await server.command('acl', 'setuser', 'customer', 'reset', ...rules);
    return server.url.replace('redis://', 'redis://customer:secret@');
  };

  test.each(['allkeys-lru', 'volatile-ttl', 'allkeys-random'])('%s is refused', async (policy) => {
    await server.command('config', 'set', 'maxmemory-policy', policy);
    expect(await refusal(server.url)).toMatch(new RegExp(`"${policy}".*noeviction`));
  });

  test('is found out where CONFIG is forbidden', async () => {
    const url = await urlWithout('config');
    await server.command('config', 'set', 'maxmemory-policy', 'allkeys-lfu');
    expect(await refusal(url)).toContain('"allkeys-lfu"');
    await server.command('config', 'set', 'maxmemory-policy', 'noeviction');
    (await openRedis(url, log)).disconnect();
    expect(logged).toEqual([]);
  });

  test('that nobody may read is warned of', async () => {
    const redis = await openRedis(await urlWithout('config', 'info'), log);
    expect(logged.map(({ msg }) => msg)).toEqual([expect.stringContaining('maxmemory-policy')]);
    redis.disconnect();
  });
});
