import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { Config } from '../config.ts';

export type Bucket = 'perCredential' | 'perAddress' | 'signIn';

export interface Limit {
  allowed: boolean;
  limit: number;
  remaining: number;
  resetSeconds: number;
}

export interface RateLimits {
  take(bucket: Bucket, key: string): Promise<Limit>;
}

const WINDOW_SECONDS = 60;

/** Where all processes count together: in Redis where there is one, else in PostgreSQL. */
export interface LimitStore {
  pool: Pool;
  redis?: Redis | undefined;
}

/**
 * Limits shared by all processes. A process leases a hundredth of the limit at a time and counts that down in memory:
 * one statement for a hundredth of the limit, and the sum stays exact to one lease a process.
 */
export function openRateLimits(store: LimitStore, limits: Config['rateLimits']): RateLimits {
  const buckets = {
    perCredential: openBucket(store, 'credential', limits.perCredential),
    perAddress: openBucket(store, 'address', limits.perAddress),
    signIn: openBucket(store, 'sign-in', limits.signIn),
  };
  return { take: (bucket, key) => buckets[bucket](key) };
}

interface Lease {
  left: number;
  remainingElsewhere: number;
  endsAt: number;
}

function openLimiter({ pool, redis }: LimitStore, name: string, points: number) {
  const counted = { points, duration: WINDOW_SECONDS };
  // When the store does not answer, each process limits by itself rather than refusing everybody.
  const insured = { ...counted, insuranceLimiter: new RateLimiterMemory({ ...counted, keyPrefix: name }) };
  if (redis)
    return new RateLimiterRedis({
      ...insured,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      keyPrefix: `sojourn:limit:${name}`,
    });
  return new RateLimiterPostgres({
    ...insured,
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
  });
}

function openBucket(store: LimitStore, name: string, limit: number): (key: string) => Promise<Limit> {
  const leaseSize = Math.max(1, Math.floor(limit / 100));
  const limiter = openLimiter(store, name, limit);
  const leases = new LRUCache<string, Lease>({ max: 20_000, ttl: WINDOW_SECONDS * 1_000 });
  const pending = new Map<string, Promise<void>>();

  async function renew(key: string): Promise<void> {
    const result = await limiter.consume(key, leaseSize).catch((refusal: unknown) => {
      if (refusal instanceof RateLimiterRes) return refusal;
      throw refusal;
    });
    const over = Math.max(0, result.consumedPoints - limit);
    leases.set(key, {
      left: Math.max(0, leaseSize - over),
      remainingElsewhere: Math.max(0, limit - result.consumedPoints),
      endsAt: performance.now() + result.msBeforeNext,
    });
  }

  return async (key) => {
    let lease = leases.get(key);
    while (
      !lease ||
      performance.now() >= lease.endsAt ||
      (lease.left === 0 && lease.remainingElsewhere > 0)
    ) {
      // Requests that come while a lease is fetched wait for that one instead of each taking another.
      let renewal = pending.get(key);
      if (!renewal) {
        renewal = renew(key).finally(() => pending.delete(key));
        pending.set(key, renewal);
      }
      await renewal;
      lease = leases.get(key)!;
    }
    const allowed = lease.left > 0;
    if (allowed) lease.left -= 1;
    return {
      allowed,
      limit,
      remaining: lease.left + lease.remainingElsewhere,
      resetSeconds: Math.max(1, Math.ceil((lease.endsAt - performance.now()) / 1_000)),
    };
  };
}

/** Forgets windows that ended an hour ago. */
export async function removeExpiredLimits(pool: Pool, now: Date): Promise<void> {
  await pool.query('delete from rate_limits where expire < $1', [now.getTime() - 3_600_000]);
}
