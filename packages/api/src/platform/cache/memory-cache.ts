import { LRUCache } from 'lru-cache';
import type { Cache, CacheSpace } from './cache.ts';

/** The loads themselves, so that all who ask at once share one. A value counts from when its load began. */
type Loads = LRUCache<string, Promise<unknown>>;

/** What a process remembers, by space. Both caches are built on it. */
export interface Memory {
  /** What is remembered or on its way. */
  known<T>(space: CacheSpace<T>, key: string): Promise<T | undefined> | undefined;
  /** Remembers a load that has just begun; answers it. */
  keep<T>(space: CacheSpace<T>, key: string, loading: Promise<T | undefined>): Promise<T | undefined>;
  /** Ends the time of a load that is still remembered at an instant of `performance.now()`. */
  endAt<T>(space: CacheSpace<T>, key: string, loading: Promise<T | undefined>, instant: number): void;
  forget(space: CacheSpace<unknown>, keys: Iterable<string>): void;
}

export function openMemory(): Memory {
  const spaces = new Map<CacheSpace<unknown>, Loads>();

  function loadsOf(space: CacheSpace<unknown>): Loads {
    let loads = spaces.get(space);
    if (!loads) {
      loads = new LRUCache({ max: space.max, ttl: space.ttlMs });
      spaces.set(space, loads);
    }
    return loads;
  }

  return {
    known: <T>(space: CacheSpace<T>, key: string) =>
      loadsOf(space).get(key) as Promise<T | undefined> | undefined,
    keep(space, key, loading) {
      const loads = loadsOf(space);
      loads.set(key, loading);
      const drop = () => {
        if (loads.peek(key) === loading) loads.delete(key);
      };
      // What failed is asked again; what is not there takes nobody's place, unless that is worth knowing.
      const keepsMissing = !space.shared && space.keepsMissing;
      loading.then((value) => {
        if (value === undefined && !keepsMissing) drop();
      }, drop);
      return loading;
    },
    endAt(space, key, loading, instant) {
      const loads = loadsOf(space);
      if (loads.peek(key) !== loading) return;
      const now = performance.now();
      if (instant <= now) loads.delete(key);
      else loads.set(key, loading, { start: now, ttl: instant - now });
    },
    forget(space, keys) {
      const loads = loadsOf(space);
      for (const key of keys) loads.delete(key);
    },
  };
}

/** For a process that stands alone. */
export function openMemoryCache(): Cache {
  const memory = openMemory();
  return {
    remember: (space, key, load) => memory.known(space, key) ?? memory.keep(space, key, load()),
    forget: async (space, keys) => memory.forget(space, keys),
    put: (space, key, value) => void memory.keep(space, key, Promise.resolve(value)),
  };
}
