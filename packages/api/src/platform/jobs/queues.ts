import {
  createPostgresBackend,
  type Job,
  type PgPool,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import pg from 'pg';
import type { Config } from '../config.ts';
import { APPLICATION_ROLE, survive } from '../db/connect.ts';
import type { Log } from '../log.ts';
import { QUEUE_NAMES, type QueueName } from './queue-names.ts';

/** The queues of BullMQ, on Redis where there is one, else in PostgreSQL. Nothing else knows which. */
export interface Queues {
  backend: 'postgres' | 'redis';
  of(name: QueueName): Queue;
  all(): Queue[];
  openWorker(name: QueueName, process: (job: Job) => Promise<void>, options: WorkOptions): Worker;
  close(): Promise<void>;
}

export type WorkOptions = Pick<
  WorkerOptions,
  'concurrency' | 'lockDuration' | 'stalledInterval' | 'maxStalledCount'
>;

type Open = {
  queue(name: QueueName, options: Omit<QueueOptions, 'connection'>): Queue;
  worker(name: QueueName, process: (job: Job) => Promise<void>, options: WorkOptions): Worker;
  close(): Promise<void>;
};

/** Nobody reads BullMQ's own stream of events; a few are kept because none cannot be said. */
const QUEUE_OPTIONS = { streams: { events: { maxLen: 100 } } };

export function openQueues({ redisUrl }: Pick<Config, 'redisUrl'>, databaseUrl: string, log: Log): Queues {
  const open = redisUrl ? onRedis(redisUrl) : onPostgres(databaseUrl, log);
  const queues = new Map<QueueName, Queue>();
  const outages = new Set<string>();
  /** An outage is told once, not with every attempt to end it. */
  const tell = (what: string) => (err: Error) => {
    if (outages.has(what)) return;
    outages.add(what);
    setTimeout(() => outages.delete(what), 10_000).unref();
    log.warn({ err, queue: what }, 'a queue does not answer; it is tried again');
  };

  const of = (name: QueueName): Queue => {
    let queue = queues.get(name);
    if (!queue) {
      queue = open.queue(name, QUEUE_OPTIONS);
      queue.on('error', tell(name));
      queues.set(name, queue);
    }
    return queue;
  };
  return {
    backend: redisUrl ? 'redis' : 'postgres',
    of,
    all: () => QUEUE_NAMES.map(of),
    openWorker(name, process, options) {
      const worker = open.worker(name, process, options);
      worker.on('error', tell(name));
      return worker;
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await open.close();
    },
  };
}

/** BullMQ opens a connection for each queue and worker, and tries for ever to get it back. */
function onRedis(url: string): Open {
  // A producer must fail at once while Redis is away, since what it adds is kept by PostgreSQL and added later; a worker
  // must wait for as long as it takes.
  const producing = { url, enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 2_000 };
  const working = { url, maxRetriesPerRequest: null };
  return {
    // Its first command waits until the connection is there; without that wait, BullMQ gives the queue up for good.
    queue: (name, options) => new Queue(name, { ...options, connection: producing }),
    worker: (name, process, options) => new Worker(name, process, { ...options, connection: working }),
    close: async () => {},
  };
}

const POOL_SIZE = 8;

/** All queues share one pool; each worker keeps one of its connections to listen. */
function onPostgres(connectionString: string, log: Log): Open {
  const pool = new pg.Pool({
    connectionString,
    max: POOL_SIZE + QUEUE_NAMES.length,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'sojourn-queues',
    options: `-c role=${APPLICATION_ROLE} -c search_path=bullmq -c statement_timeout=10s -c lock_timeout=5s`,
  });
  // Each queue and worker listens to the pool they share.
  pool.setMaxListeners(0);
  survive(pool, (err) => log.warn({ err }, 'a database connection of the queues broke'));
  const connection = pool as unknown as PgPool;
  const onPool = withBackend(createPostgresBackend);
  return {
    // Queues of both kinds are alike in all but the type of their connection.
    queue: (name, options) => new onPool.Queue(name, { ...options, connection }) as unknown as Queue,
    worker: (name, process, options) =>
      new onPool.Worker(name, process, { ...options, connection }) as unknown as Worker,
    close: () => pool.end(),
  };
}
