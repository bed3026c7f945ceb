import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../log.ts';
import { DatabaseError } from './connect.ts';
import { type Binaries, reachableBinaries, runProgram, systemFolder } from './embedded-binaries.ts';
import { type SystemUser, userForPostgres } from './embedded-user.ts';

/** The superuser inside PostgreSQL. */
export const DATABASE_OWNER = 'sojourn';

export interface Storage {
  /** PostgreSQL's own data folder, absolute. */
  cluster: string;
  password: string;
  binaries: Binaries;
  /** Undefined when PostgreSQL runs as the user that we are. */
  runAs: SystemUser | undefined;
}

/** What `postgres.json` in the data folder says. */
interface Pointer {
  /** Relative when inside the data folder, so that the folder can be moved. */
  cluster: string;
  password: string;
}

/** Finds the cluster of a data folder and the binaries to run it, and makes what is missing. The caller holds the lock. */
export async function openStorage(
  dataDir: string,
  log: Pick<Log, 'info'>,
  throwaway: boolean,
): Promise<Storage> {
  const pointerFile = path.join(dataDir, 'postgres.json');
  const known = await readPointer(pointerFile);
  const existing = await stat(path.resolve(dataDir, known?.cluster ?? 'postgres')).catch(() => undefined);
  if (existing && !known)
    throw new DatabaseError(
      `The file ${pointerFile} is missing; without its password the database beside it cannot be opened. ` +
        'Put the file back, or remove the data folder to start with an empty database.',
    );
  const runAs = await userForPostgres(existing);
  const binaries = await reachableBinaries(runAs);
  const pointer = known ?? (await newPointer(dataDir, runAs));
  const storage = {
    cluster: path.resolve(dataDir, pointer.cluster),
    password: pointer.password,
    binaries,
    runAs,
  };
  if (existing) return storage;

  log.info({ cluster: storage.cluster }, 'creating a new database');
  // The password is kept first: a cluster without one would be lost.
  if (!known) await writePointer(pointerFile, pointer);
  await createCluster(storage, throwaway);
  return storage;
}

async function readPointer(file: string): Promise<Pointer | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DatabaseError(
      `The password of the database cannot be read (${(cause as Error).message}). Start Sojourn as the user that owns this file.`,
      { cause },
    );
  }
  try {
    const { cluster, password } = JSON.parse(text);
    if (typeof cluster === 'string' && typeof password === 'string') return { cluster, password };
  } catch {
    // Said below, for this and for a missing member.
  }
  throw new DatabaseError(
    `The file ${file} is damaged. Put back a copy of it, or remove the data folder to start with an empty database.`,
  );
}

async function newPointer(dataDir: string, runAs: SystemUser | undefined): Promise<Pointer> {
  const password = randomBytes(24).toString('base64url');
  if (!runAs || (await canEnter(dataDir, runAs))) return { cluster: 'postgres', password };
  return { cluster: path.join(await systemFolder(), `data-${randomBytes(6).toString('hex')}`), password };
}

async function writePointer(file: string, pointer: Pointer): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(pointer, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Asks the system: mode bits alone do not tell about access lists and user namespaces. */
const canEnter = (folder: string, user: SystemUser): Promise<boolean> =>
  runProgram('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], user).then(
    () => true,
    () => false,
  );

/** Filled under another name and renamed: a cluster that exists is a whole one, whenever an earlier start was killed. */
async function createCluster(
  { cluster, password, binaries, runAs }: Storage,
  throwaway: boolean,
): Promise<void> {
  const parent = path.dirname(cluster);
  const prefix = `${path.basename(cluster)}.new-`;
  for (const name of await readdir(parent))
    if (name.startsWith(prefix))
      await rm(path.join(parent, name), { recursive: true, force: true, maxRetries: 5 });

  const staging = path.join(parent, prefix + randomBytes(4).toString('hex'));
  const data = path.join(staging, 'data');
  const passwordFile = path.join(staging, 'password');
  await mkdir(staging, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs) for (const entry of [staging, passwordFile]) await chown(entry, runAs.uid, runAs.gid);
  try {
    await runProgram(binaries.initdb, initdbArguments(data, passwordFile, throwaway), runAs);
  } catch (cause) {
    throw new DatabaseError(`A new database could not be made in ${parent}: ${(cause as Error).message}`, {
      cause,
    });
  }
  await rename(data, cluster);
  await rm(staging, { recursive: true, force: true });
}

const initdbArguments = (data: string, passwordFile: string, throwaway: boolean): string[] => [
  `--pgdata=${data}`,
  `--username=${DATABASE_OWNER}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  // Text sorts by code point, the same on every machine. The character type is libc's, for pg_trgm: under "C" it
  // takes only ASCII for letters. macOS has no C.UTF-8.
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  `--lc-ctype=${process.platform === 'darwin' ? 'UTF-8' : 'C.UTF-8'}`,
  '--no-instructions',
  ...(throwaway ? ['--no-sync', '--no-data-checksums'] : []),
];
