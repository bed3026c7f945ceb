import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { redisServer } from './programs.ts';

export interface TestRedis {
  url: string;
  /** As an operator would: what it holds is saved, and there again after `start`. */
  stop(): Promise<void>;
  /** As a crash would. */
  kill(): Promise<void>;
  /** Again, on the same port. */
  start(): Promise<void>;
  /** Takes connections and answers nothing, until it is thawed. */
  freeze(): void;
  thaw(): void;
  flush(): Promise<void>;
  /** Runs one command as an operator would, such as `command('config', 'set', 'maxmemory-policy', 'allkeys-lru')`. */
  command(name: string, ...args: string[]): Promise<unknown>;
  /** At the end of the tests: stops it and removes what it wrote. */
  remove(): Promise<void>;
}

/** A real Redis of the test's own, on a free port, that keeps what it holds in a folder of its own. */
export async function startTestRedis(...options: string[]): Promise<TestRedis> {
  const program = redisServer;
  if (!program) throw new Error('There is no redis-server on this machine: skip the test without it.');
  const folder = await mkdtemp(path.join(tmpdir(), 'sojourn-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;

  async function end(signal: NodeJS.Signals) {
    const ending = server;
    server = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGCONT');
    ending.kill(signal);
    await ended;
  }

  // A test that failed before it could clean up must not leave it running.
  process.once('exit', () => server?.kill('SIGKILL'));

  const redis: TestRedis = {
    url,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async start() {
      if (server) return;
      const settings = [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        folder,
        '--appendonly',
        'yes',
      ];
      server = spawn(program, [...settings, '--save', '', '--appendfsync', 'always', ...options], {
        stdio: 'ignore',
      });
      await answering(url);
    },
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    flush: async () => void (await redis.command('flushall')),
    command: (name, ...args) => withClient(url, (client) => client.call(name, ...args)),
    async remove() {
      await end('SIGKILL');
      await rm(folder, { recursive: true });
    },
  };
  await redis.start();
  return redis;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

async function answering(url: string): Promise<void> {
  for (const givesUpAt = performance.now() + 10_000; ; await sleep(20))
    try {
      await withClient(url, (client) => client.ping());
      return;
    } catch (error) {
      // With `requirepass` it answers that it will not: that is an answer.
      if (String(error).includes('NOAUTH')) return;
      if (performance.now() > givesUpAt) throw error;
    }
}

async function withClient<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, enableReadyCheck: false });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}
