import { createReadStream } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../src/platform/db/embedded.ts';
import { migrateToLatest } from '../src/platform/db/migrate.ts';
import { secretsIn } from './secrets.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database that nobody works in, to be cloned. */
    templateDatabaseUrl: string;
    /** Where the servers of the tests write what they log. */
    logFolder: string;
  }
}

const PREFIX = 'sojourn-test-';
const MEMORY = '/dev/shm';
const ROOM = 2 * 1024 ** 3;
const MIGRATIONS = path.join(import.meta.dirname, '../migrations');
const silent = { info() {} };

/** One PostgreSQL for the whole run, ours or that of TEST_DATABASE_URL, with a migrated database in it to clone. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await openCluster();
  const name = `sojourn_template_${process.pid}`;
  await execute(cluster.ownerUrl, `create database ${name}`);
  const templateUrl = new URL(cluster.ownerUrl);
  templateUrl.pathname = `/${name}`;
  await migrateToLatest(templateUrl.href, MIGRATIONS);
  project.provide('templateDatabaseUrl', templateUrl.href);
  const logFolder = await mkdtemp(path.join(tmpdir(), 'sojourn-log-of-tests-'));
  project.provide('logFolder', logFolder);
  return async () => {
    await execute(cluster.ownerUrl, `drop database ${name} with (force)`);
    await cluster.stop();
    await refuseSecrets(logFolder);
  };
}

/** Fails the run when a server of any test logged a secret; then the logs stay where they are. */
async function refuseSecrets(folder: string): Promise<void> {
  const found = new Set<string>();
  for (const name of await readdir(folder)) {
    const lines = createInterface({ input: createReadStream(path.join(folder, name)) });
    for await (const line of lines) for (const secret of secretsIn(line)) found.add(`${name}: ${secret}`);
  }
  if (found.size === 0) return rm(folder, { recursive: true });
  const shown = [...found].slice(0, 20).join('\n  ');
  throw new Error(`There are secrets in the logs of the servers, in ${folder}:\n  ${shown}`);
}

async function openCluster(): Promise<{ ownerUrl: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { ownerUrl: given, stop: async () => {} };
  const folder = await folderForClusters();
  await removeLeftovers(folder);
  const dataDir = await mkdtemp(path.join(folder, PREFIX));
  // As root, PostgreSQL runs as a user that must be able to enter.
  await chmod(dataDir, 0o755);
  const { ownerUrl, stop } = await startEmbeddedPostgres({ dataDir, log: silent, throwaway: true });
  return {
    ownerUrl,
    async stop() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** In memory where there is room: a database is cloned in 15 ms there, and in up to half a second on a busy disk. */
async function folderForClusters(): Promise<string> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > ROOM ? MEMORY : tmpdir();
}

/** A run that was killed leaves its PostgreSQL behind. One that is still going holds the lock of its folder. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const dataDir = path.join(folder, name);
    if (!name.startsWith(PREFIX) || Date.now() - (await stat(dataDir)).mtimeMs < 60_000) continue;
    try {
      await (await startEmbeddedPostgres({ dataDir, log: silent, throwaway: true })).stop();
      await rm(dataDir, { recursive: true });
    } catch {
      // In use, or of another user.
    }
  }
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
