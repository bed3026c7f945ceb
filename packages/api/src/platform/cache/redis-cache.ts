import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Log } from '../log.ts';
import type { Cache, SharedSpace } from './cache.ts';
import { openMemory } from './memory-cache.ts';
import { openRedisEntries, type RedisEntries } from './redis-entries.ts';

/** How long a process waits for another one that is loading the same, in milliseconds; then it loads by itself. */
const WAIT_MS = 250;
const FIRST_PAUSE_MS = 4;
/** Larger values, in characters of JSON, are left to each process. */
const LARGEST = 256 * 1_024;
/** Keys whose `forget` Redis did not hear of are not read from it until they have ended there. */
const UNHEARD = 20_000;

/**
 * For a fleet: what one process loaded serves the others through Redis, and while one loads, the others wait for it.
 * Each process remembers beside that what it has seen, no longer than Redis does. Without an answer from Redis, each
 * process works as if it stood alone.
 */
export function openRedisCache(redis: Redis, log: Log): Cache {
  const memory = openMemory();
  const entries = openRedisEntries(redis, log);
  const unheard = new LRUCache<string, true>({ max: UNHEARD, ttl: 1 });

  function load<T>(space: SharedSpace<T>, key: string, read: () => Promise<T | undefined>) {
    const path = pathOf(space, key);
    if (unheard.has(path)) return memory.keep(space, key, read());
    const loading: Promise<T | undefined> = memory.keep(
      space,
      key,
      loadShared(entries, { path, ttlMs: space.ttlMs }, read, (instant) =>
        memory.endAt(space, key, loading, instant),
      ),
    );
    return loading;
  }

  return {
    remember: (space, key, read) =>
      memory.known(space, key) ?? (space.shared ? load(space, key, read) : memory.keep(space, key, read())),
    async forget(space, keys) {
      const all = [...keys];
      memory.forget(space, all);
      if (!space.shared || all.length === 0) return;
      const paths = all.map((key) => pathOf(space, key));
      if (await entries.remove(paths)) return;
      for (const path of paths) unheard.set(path, true, { ttl: space.ttlMs });
      // What was read from Redis while it was being told may be from before.
      memory.forget(space, all);
    },
    put: (space, key, value) => void memory.keep(space, key, Promise.resolve(value)),
  };
}

const pathOf = ({ name, version }: Pick<SharedSpace<unknown>, 'name' | 'version'>, key: string) =>
  `sojourn:cache:${name}.${version}:${key}`;

interface Place {
  path: string;
  ttlMs: number;
}

/** @param endAt is told until which instant of `performance.now()` a value of another process may be shown */
async function loadShared<T>(
  entries: RedisEntries,
  { path, ttlMs }: Place,
  read: () => Promise<T | undefined>,
  endAt: (instant: number) => void,
): Promise<T | undefined> {
  const token = randomUUID();
  const waitsUntil = performance.now() + WAIT_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    const asked = performance.now();
    const entry = await entries.take(path, token, ttlMs);
    if (entry.kind === 'ours') return readAndStore(entries, { path, ttlMs }, token, read);
    if (entry.kind === 'value') {
      // Counted from before the question, so that the way of the answer shortens the time and never adds to it.
      endAt(asked + entry.leftMs);
      return entry.value as T;
    }
    if (entry.kind === 'silent' || performance.now() + pause > waitsUntil) return read();
    await sleep(pause);
  }
}

async function readAndStore<T>(
  entries: RedisEntries,
  { path, ttlMs }: Place,
  token: string,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  let text: string | undefined;
  try {
    const value = await read();
    text = value === undefined ? undefined : JSON.stringify(value);
    return value;
  } finally {
    // Nobody here waits for Redis to have taken it.
    if (text === undefined || text.length > LARGEST) void entries.release(path, token);
    else void entries.store(path, token, text, ttlMs);
  }
}
