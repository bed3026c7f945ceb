import { Redis, ReplyError } from 'ioredis';
import type { Log } from './log.ts';

/** What a request waits for Redis at most, in milliseconds; then it goes on without. */
const COMMAND_TIMEOUT_MS = 250;
/**
 * A server that answered nothing for so long is taken for frozen, in milliseconds: the connection is dropped, and until
 * there is a new one commands fail at once instead of each waiting for its own timeout.
 */
const FROZEN_AFTER_MS = 500;
const CONNECT_TIMEOUT_MS = 2_000;
const LONGEST_PAUSE_MS = 2_000;

/** Redis cannot be used as it is. Its message says what to change and never shows a password. */
export class RedisError extends Error {}

/**
 * The connection for what a request can do without: the cache and the limits. Nothing is queued while there is no
 * connection, and nothing is sent again. An outage is logged once at its start and once at its end.
 */
export async function openRedis(url: string, log: Log): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectionName: 'sojourn',
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: FROZEN_AFTER_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS),
    // After a failover the old address may lead to a replica: only a new connection finds the one that takes writes.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  });
  const outage = followOutages(redis, log);
  try {
    await redis.connect();
    await assertNoEviction(redis, log);
    outage.tell = true;
  } catch (error) {
    redis.disconnect();
    throw error instanceof RedisError ? error : new RedisError(unreachable(url, outage.reason));
  }
  return redis;
}

/** What an error of the client says; the command that it carries along may hold a password. */
function withoutArguments(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return (error.message || code || error.name).replace(/\.$/, '');
}

function unreachable(url: string, reason: string): string {
  const { host } = new URL(url);
  return `The Redis of REDIS_URL at ${host} cannot be used: ${reason}. Is it running, and are the address and the password right? Without REDIS_URL, Sojourn works without Redis.`;
}

const CLOSED = 'it closed the connection';

/** Why there is no connection, and whether the log is told. */
interface Outage {
  tell: boolean;
  reason: string;
}

function followOutages(redis: Redis, log: Log): Outage {
  const outage: Outage = { tell: false, reason: CLOSED };
  let out = false;
  // Without a listener an error would end the process.
  redis.on('error', (error: Error) => {
    outage.reason = withoutArguments(error);
  });
  // Not 'close': a connection that was closed on purpose is not opened again.
  redis.on('reconnecting', () => {
    if (outage.tell && !out)
      log.warn(
        { reason: outage.reason },
        'Redis does not answer: work goes on without it until it does again',
      );
    out = true;
  });
  redis.on('ready', () => {
    if (outage.tell && out) log.info('Redis answers again');
    out = false;
    outage.reason = CLOSED;
  });
  return outage;
}

/**
 * Refuses a Redis that may throw away what it holds: jobs wait there, and a job that was evicted is lost without a trace.
 */
export async function assertNoEviction(redis: Redis, log: Log): Promise<void> {
  const policy = await evictionPolicy(redis);
  if (policy === undefined)
    log.warn(
      'Redis does not tell its maxmemory-policy. It must be "noeviction": any other may throw away waiting jobs.',
    );
  else if (policy !== 'noeviction')
    throw new RedisError(
      `The Redis of REDIS_URL has the maxmemory-policy "${policy}", which may throw away waiting jobs. Set it to "noeviction": \`redis-cli config set maxmemory-policy noeviction\`, the same in redis.conf so that it stays, or the parameter of that name where Redis is managed.`,
    );
}

/** Managed servers often forbid `CONFIG`, and some access lists `INFO`, too: undefined when both are. */
async function evictionPolicy(redis: Redis): Promise<string | undefined> {
  const configured = await unlessForbidden(redis.config('GET', 'maxmemory-policy'));
  if (Array.isArray(configured) && typeof configured[1] === 'string') return configured[1];
  const info = await unlessForbidden(redis.info('memory'));
  return typeof info === 'string' ? /^maxmemory_policy:(\S+)/m.exec(info)?.[1] : undefined;
}

async function unlessForbidden(reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ReplyError) return undefined;
    throw error;
  }
}
