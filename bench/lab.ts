import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../packages/api/src/platform/db/embedded.ts';
import { openLog } from '../packages/api/src/platform/log.ts';

const root = path.join(import.meta.dirname, '..');

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

const UNLIMITED = {
  RATE_LIMIT_PER_MINUTE: '100000000',
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '100000000',
  RATE_LIMIT_SIGN_IN_PER_MINUTE: '100000000',
};

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
  const child = fork(path.join(root, program), {
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
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout!.pipe(log);
  child.stderr!.pipe(log);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  return {
    url,
    process: child,
    credentials: JSON.parse(await readFile(path.join(folder, 'credentials.json'), 'utf8')),
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1_024;
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; ) {
    if (child.exitCode !== null)
      throw new Error(`The server ended with code ${child.exitCode}; its log is beside its data.`);
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server was not ready within 30 s.');
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
