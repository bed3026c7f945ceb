import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { invalidateByEvents } from './platform/cache/invalidation.ts';
import { openMemoryCache } from './platform/cache/memory-cache.ts';
import { openRedisCache } from './platform/cache/redis-cache.ts';
import { type Clock, movableClock, systemClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import type { Resources } from './platform/context.ts';
import { kyselyOn, openPool } from './platform/db/connect.ts';
import { startEmbeddedPostgres } from './platform/db/embedded.ts';
import { migrateToLatest, pendingMigrations } from './platform/db/migrate.ts';
import { openEventTail } from './platform/events/tail.ts';
import { openMetrics } from './platform/http/metrics.ts';
import { openOutbound } from './platform/http/outbound.ts';
import { openRateLimits } from './platform/http/rate-limit.ts';
import { measureQueues } from './platform/jobs/measure.ts';
import { openQueues } from './platform/jobs/queues.ts';
import { type Log, openLog } from './platform/log.ts';
import { openMailer } from './platform/mail/open-mailer.ts';
import { openRedis } from './platform/redis.ts';
import { followClock } from './platform/sandbox-clock.ts';
import { openKeyring } from './platform/secrets.ts';
import { emulatedStripe, openStripe } from './platform/stripe/client.ts';
import { info, invalidations } from './surface.ts';

/** Beside the sources and beside the bundle alike. */
export const MIGRATIONS_FOLDER = path.join(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? '../migrations' : 'migrations',
);

export interface OpenedResources extends Resources {
  close(): Promise<void>;
}

/** How long others may take, and how much they may answer. */
const OUTBOUND = {
  userAgent: `${info.name}/${info.version}`,
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 15_000,
  bodyTimeoutMs: 15_000,
  totalTimeoutMs: 15_000,
  maxResponseBytes: 65_536,
  // Many webhook endpoints may be at one origin, and some of them hang.
  connectionsPerOrigin: 128,
};

/** Opens everything in order and closes it in reverse; what opened before a failure is closed again. */
export async function openResources(
  config: Config,
  overrides: { clock?: Clock; log?: Log } = {},
): Promise<OpenedResources> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const log = overrides.log ?? openLog(config.logLevel);
    const databaseUrl = config.databaseUrl ?? (await startEmbedded(config, log, closers));
    await prepareSchema(config, databaseUrl, log);
    const clock = overrides.clock ?? (config.mode === 'sandbox' ? movableClock() : systemClock);
    const secrets = await secretsOf(config);
    const keyring = openKeyring(secrets);
    const pool = await openPool(databaseUrl, config.databasePoolSize, log);
    closers.push(() => pool.end());
    const redis = config.redisUrl === undefined ? undefined : await openRedis(config.redisUrl, log);
    closers.push(async () => redis?.disconnect());
    const db = kyselyOn(pool);
    const events = await openEventTail(db, databaseUrl, log);
    closers.push(() => events.close());
    await followClock(clock, db, events, log);
    const cache = redis ? openRedisCache(redis, log) : openMemoryCache();
    events.onEvents(invalidateByEvents(cache, invalidations));
    const queues = openQueues(config, databaseUrl, log);
    closers.push(() => queues.close());
    const mailer = openMailer(config, clock);
    closers.push(async () => mailer.close());
    const outbound = openOutbound({ ...OUTBOUND, allowLoopback: config.mode === 'sandbox' });
    closers.push(() => outbound.close());
    const metrics = openMetrics(pool);
    measureQueues(metrics, { queues, db, log });
    return {
      config,
      log,
      clock,
      stripe: openStripe(config.stripe ?? emulatedStripe(secrets[0], emulatorUrl(config))),
      pool,
      db,
      events,
      queues,
      outbound,
      mailer,
      keyring,
      redis,
      cache,
      rateLimits: openRateLimits({ pool, redis }, config.rateLimits),
      metrics,
      lifecycle: { ready: false },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startEmbedded(
  { dataDir }: Config,
  log: Log,
  closers: (() => Promise<void>)[],
): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  closers.push(() => postgres.stop());
  return postgres.ownerUrl;
}

/** In the sandbox the schema is brought up to date here; live, that is a step of its own, done once for a whole fleet. */
async function prepareSchema({ mode }: Config, databaseUrl: string, log: Log): Promise<void> {
  if (mode === 'sandbox') {
    const applied = await migrateToLatest(databaseUrl, MIGRATIONS_FOLDER);
    if (applied.length > 0) log.info({ applied }, 'the database schema was brought up to date');
    return;
  }
  const pending = await pendingMigrations(databaseUrl, MIGRATIONS_FOLDER);
  if (pending.length > 0)
    throw new Error(
      `The database schema is behind by ${pending.length} migration(s): ${pending.join(', ')}. Run the migrate command first.`,
    );
}

export const secretsOf = async ({ secrets, dataDir }: Config): Promise<[string, ...string[]]> =>
  secrets ? (secrets as [string]) : [await localSecret(dataDir)];

const emulatorUrl = ({ stripeEmulatorPort }: Config) => `http://127.0.0.1:${stripeEmulatorPort}`;

/** The sandbox makes its own secret once and keeps it in the data folder, so that sessions outlive a restart. */
async function localSecret(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'secret');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    await writeFile(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}
