import type { Redis } from 'ioredis';
import type { Kysely, Transaction } from 'kysely';
import type { Pool } from 'pg';
import type { Actor } from './actor.ts';
import type { Cache } from './cache/cache.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { DB as Database } from './db/rows.ts';
import type { EventTail } from './events/event.ts';
import type { Metrics } from './http/metrics.ts';
import type { Outbound } from './http/outbound.ts';
import type { RateLimits } from './http/rate-limit.ts';
import type { Queues } from './jobs/queues.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mail/mailer.ts';
import { authenticationRequired } from './problems.ts';
import type { Keyring } from './secrets.ts';
import type { StripeConnection } from './stripe/client.ts';

/** Either a connection pool or a transaction: what reads and plain writes take. */
export type Db = Kysely<Database>;
/** A transaction: what locks, and whatever must not stand alone, take. */
export type Tx = Transaction<Database>;

/** What the process opened at its start and closes at its end. */
export interface Resources {
  config: Config;
  log: Log;
  clock: Clock;
  pool: Pool;
  db: Db;
  keyring: Keyring;
  /** For what a request can do without; jobs have connections of their own. */
  redis: Redis | undefined;
  cache: Cache;
  rateLimits: RateLimits;
  metrics: Metrics;
  events: EventTail;
  queues: Queues;
  /** Calls URLs that users gave. */
  outbound: Outbound;
  mailer: Mailer;
  /** Moves the money. */
  stripe: StripeConnection;
  /** Whether the process takes requests: not while it starts, and no longer once it was asked to stop. */
  lifecycle: { ready: boolean };
}

/** One request, or one job: the resources, who asks, and what to call it in the log. */
export interface Context extends Resources {
  requestId: string;
  actor: Actor | null;
  /** The caller's address, for limits; behind `TRUST_PROXY` proxies the one they name. */
  address: string;
  /** What the caller's software calls itself. */
  userAgent: string | undefined;
}

/** The actor of a request that must have one. */
export function actorOf(ctx: Context): Actor {
  if (!ctx.actor) throw authenticationRequired();
  return ctx.actor;
}

/**
 * Runs `work` in one transaction. Inside a transaction that already runs (an idempotent request holds one around the
 * whole verb, so that effect and stored answer are one) it joins that one.
 */
export function transaction<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.db.isTransaction ? work(ctx.db as Tx) : ctx.db.transaction().execute(work);
}

/** The context of work that no request asked for: a start-up, a command on the server, a test. */
export function contextOfProcess(resources: Resources, actor: Actor | null): Context {
  return {
    ...resources,
    requestId: 'process',
    actor,
    address: '',
    userAgent: undefined,
  };
}
