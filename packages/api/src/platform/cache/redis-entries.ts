import { type Redis, ReplyError } from 'ioredis';
import type { Log } from '../log.ts';

/** After Redis did not answer, nobody asks it for so long, in milliseconds. */
const PAUSE_MS = 1_000;
/** How long one process may load for all, in milliseconds; if it died meanwhile, another one may then. */
const LONGEST_LOAD_MS = 5_000;

/** What is under a key: nothing yet, so that it is ours to load; a value; a load by another process; or no answer. */
export type Entry =
  | { kind: 'ours' }
  | { kind: 'value'; value: unknown; leftMs: number }
  | { kind: 'loading' }
  | { kind: 'silent' };

/**
 * The entries of the cache in Redis. One key holds first the token of who is loading ("?…") and then the value ("=…"),
 * which is stored only while the token is still there: a `remove` in between wins. The time of a value counts from its
 * token, on the clock of Redis, so that a `store` that was held up on its way cannot make it younger.
 */
export interface RedisEntries {
  take(path: string, token: string, ttlMs: number): Promise<Entry>;
  store(path: string, token: string, json: string, ttlMs: number): Promise<void>;
  /** Gives up a load. */
  release(path: string, token: string): Promise<void>;
  /** Whether Redis heard it. */
  remove(paths: readonly string[]): Promise<boolean>;
}

const TAKE = `
local held = redis.call('get', KEYS[1])
if held then return { held, redis.call('pttl', KEYS[1]) } end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return false`;

const STORE = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
local left = ARGV[4] - (ARGV[3] - redis.call('pttl', KEYS[1]))
if left <= 0 then return redis.call('del', KEYS[1]) end
redis.call('set', KEYS[1], ARGV[2], 'px', left)
return 1`;

const RELEASE = `
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0`;

interface Scripts {
  cacheTake(path: string, token: string, loadMs: number): Promise<[string, number] | null>;
  cacheStore(path: string, token: string, text: string, loadMs: number, ttlMs: number): Promise<number>;
  cacheRelease(path: string, token: string): Promise<number>;
}

const loadMsOf = (ttlMs: number) => Math.min(ttlMs, LONGEST_LOAD_MS);

export function openRedisEntries(redis: Redis, log: Log): RedisEntries {
  const scripts = withScripts(redis);
  let pausedUntil = 0;
  let refusalTold = false;

  async function ask<R>(command: () => Promise<R>): Promise<R | 'silent'> {
    if (redis.status !== 'ready') return 'silent';
    try {
      const reply = await command();
      refusalTold = false;
      return reply;
    } catch (error) {
      pausedUntil = performance.now() + PAUSE_MS;
      // An outage is told by the connection; a refusal, such as "OOM", by nobody else.
      if (error instanceof ReplyError && !refusalTold) {
        refusalTold = true;
        log.warn({ reason: (error as Error).message }, 'Redis refuses to work as a cache');
      }
      return 'silent';
    }
  }

  return {
    async take(path, token, ttlMs) {
      if (performance.now() < pausedUntil) return { kind: 'silent' };
      const held = await ask(() => scripts.cacheTake(path, `?${token}`, loadMsOf(ttlMs)));
      if (held === 'silent') return { kind: 'silent' };
      return held === null ? { kind: 'ours' } : entryOf(held);
    },
    async store(path, token, json, ttlMs) {
      await ask(() => scripts.cacheStore(path, `?${token}`, `=${json}`, loadMsOf(ttlMs), ttlMs));
    },
    async release(path, token) {
      await ask(() => scripts.cacheRelease(path, `?${token}`));
    },
    remove: async (paths) => (await ask(() => redis.del(...paths))) !== 'silent',
  };
}

function entryOf([text, leftMs]: [string, number]): Entry {
  if (!text.startsWith('=')) return { kind: 'loading' };
  try {
    return { kind: 'value', value: JSON.parse(text.slice(1)), leftMs };
  } catch {
    // Somebody else wrote there; it is left to end by itself.
    return { kind: 'silent' };
  }
}

function withScripts(redis: Redis): Scripts {
  for (const [name, lua] of Object.entries({ cacheTake: TAKE, cacheStore: STORE, cacheRelease: RELEASE }))
    redis.defineCommand(name, { numberOfKeys: 1, lua });
  return redis as unknown as Scripts;
}
