import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Writable } from 'node:stream';
import pg from 'pg';
import { startEmbeddedPostgres } from '../packages/api/src/platform/db/embedded.ts';
import { openLog } from '../packages/api/src/platform/log.ts';

const root = path.join(import.meta.dirname, '..');

/** All that was started: none of it is left behind, however the run ends. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

function start(program: string, options: ForkOptions, log: Writable): ChildProcess {
  const child = fork(path.join(root, program), { ...options, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  child.stdout!.pipe(log);
  child.stderr!.pipe(log);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** A PostgreSQL of its own with the product's default settings, for one run. */
export async function openLab() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sojourn-lab-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: openLog('silent') });
  return {
    folder,
    async createDatabase(name: string): Promise<string> {
      const owner = new pg.Client({ connectionString: postgres.ownerUrl });
      await owner.connect();
      await owner.query(`create database ${name}`);
      await owner.end();
      const url = new URL(postgres.ownerUrl);
      url.pathname = `/${name}`;
      return url.href;
    },
    async close() {
      await Promise.all([...children].map((child) => end(child, 'SIGKILL')));
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface ServerProcess {
  url: string;
  process: ChildProcess;
  credentials: { host: { apiKey: string; email: string; password: string }; admin: { apiKey: string } };
  /** Resident memory in bytes. */
  memory(): Promise<number>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** What stands in for Stripe, as a process of its own. */
export interface StripeProcess {
  url: string;
  secretKey: string;
  /** With which a server has its money moved here. */
  settings: Record<string, string>;
  stop(): Promise<void>;
}

const STRIPE = 'packages/api/src/bin/stripe-emulator.ts';

/**
 * The emulator of Stripe for all the servers of one database, which is never killed and tells the server at `serverPort`
 * what happens.
 */
export async function startStripe(folder: string, serverPort: number): Promise<StripeProcess> {
  const secretKey = 'sk_test_of_the_lab';
  const webhookSecret = 'whsec_of_the_lab';
  const log = createWriteStream(path.join(folder, `stripe-of-${serverPort}.log`), { flags: 'a' });
  const child = start(
    STRIPE,
    {
      env: {
        PATH: process.env.PATH,
        STRIPE_SECRET_KEY: secretKey,
        STRIPE_WEBHOOK_SECRET: webhookSecret,
        STRIPE_EMULATOR_PORT: '0',
        STRIPE_EMULATOR_WEBHOOK_URL: `http://127.0.0.1:${serverPort}/v1/stripe/webhook`,
      },
    },
    log,
  );
  const [told] = await Promise.race([once(child.stdout!, 'data'), refuseEnd(child)]);
  const url = /http:\S+/.exec(String(told))![0];
  return {
    url,
    secretKey,
    settings: { STRIPE_API_BASE: url, STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret },
    stop: () => end(child, 'SIGKILL'),
  };
}

const UNLIMITED = {
  RATE_LIMIT_PER_MINUTE: '100000000',
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '100000000',
  RATE_LIMIT_SIGN_IN_PER_MINUTE: '100000000',
};

/** A process that only does background work, beside a server that does none. */
export async function startWorker(
  folder: string,
  databaseUrl: string,
  settings: Record<string, string>,
  program = WORKER,
): Promise<{ stop(signal?: NodeJS.Signals): Promise<void> }> {
  const log = createWriteStream(path.join(folder, 'worker.log'), { flags: 'a' });
  const child = start(
    program,
    {
      cwd: folder,
      env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, SOJOURN_DATA_DIR: folder, ...settings },
    },
    log,
  );
  await Promise.race([once(child.stdout!, 'data'), refuseEnd(child)]);
  return {
    stop: (signal = 'SIGTERM') => end(child, signal),
  };
}
const WORKER = 'packages/api/dist/bin/worker.js';
export const WORKER_FROM_SOURCE = 'packages/api/src/bin/worker.ts';

/** The built server as users run it. */
const BUILT = 'packages/api/dist/bin/server.js';
/** The same from its sources, for a test that builds nothing. */
export const FROM_SOURCE = 'packages/api/src/bin/server.ts';

/** The server as a process of its own, its log written to a file. */
export async function startServer(
  folder: string,
  databaseUrl: string,
  port: number,
  settings: Record<string, string> = {},
  program = BUILT,
): Promise<ServerProcess> {
  const log = createWriteStream(path.join(folder, `server-${port}.log`), { flags: 'a' });
  const child = start(
    program,
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: databaseUrl,
        PORT: String(port),
        SOJOURN_DATA_DIR: folder,
        SEED_DEMO: 'true',
        ...UNLIMITED,
        ...settings,
      },
    },
    log,
  );
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/readyz`, child, ({ ok }) => ok);
  return {
    url,
    process: child,
    credentials: JSON.parse(await readFile(path.join(folder, 'credentials.json'), 'utf8')),
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1_024;
    },
    stop: (signal = 'SIGTERM') => end(child, signal),
  };
}

async function refuseEnd(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`The process ended with code ${code}; its log is beside its data.`);
}

async function untilAnswers(
  url: string,
  child: ChildProcess,
  isReady: (answer: Response) => boolean = () => true,
): Promise<void> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; ) {
    if (child.exitCode !== null)
      throw new Error(`The process ended with code ${child.exitCode}; its log is beside its data.`);
    const ready = await fetch(url).then(isReady, () => false);
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`There was no answer of ${url} within 30 s.`);
}

/** A bare server (see `bare.ts`) as a process of its own. */
export async function startBare(
  kind: string,
  databaseUrl: string,
  statements: { text: string; values: readonly unknown[] }[] = [],
) {
  const child = fork(path.join(import.meta.dirname, 'bare.ts'), [kind], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      STATEMENTS: JSON.stringify(statements),
    },
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
