import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from './connect.ts';
import { runProgram, spawnOptions } from './embedded-binaries.ts';
import type { Storage } from './embedded-storage.ts';

const POLL_MS = 10;
/** Recovery after a crash replays at most the log since the last checkpoint. */
const START_TIMEOUT_MS = 60_000;
/** A fast shutdown writes a checkpoint. After this time PostgreSQL drops everything, and recovers when it next starts. */
const STOP_TIMEOUT_MS = 8_000;
const START_ATTEMPTS = 10;
const RETRY_MS = 200;
const LOG_BYTES = 10_000_000;
const LOG_LINES_SHOWN = 5;

/** Of one line each in PostgreSQL's own `postmaster.pid`. */
interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: 100,
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  random_page_cost: 1.1,
  // Compiling a query takes longer than our short queries run.
  jit: 'off',
  log_checkpoints: 'off',
};

const throwawaySettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  checkpoint_timeout: '1h',
};

/** Takes over the PostgreSQL that still runs this cluster, or starts one. Either takes connections on the port. */
export async function ensurePostmaster(storage: Storage, logFile: string, throwaway: boolean) {
  const survivor = await settledPostmaster(storage.cluster);
  if (survivor) return { port: survivor.port, adopted: true };
  await releasePidFile(storage.cluster);
  await rotateLog(logFile);
  for (let attempt = 1; ; attempt++) {
    const started = await launch(storage, logFile, throwaway);
    if ('port' in started) return { port: started.port, adopted: false };
    if (attempt === START_ATTEMPTS || !passesByItself(started.log))
      throw new DatabaseError(
        `PostgreSQL did not start. Its log ${logFile} ends with:\n${lastLines(started.log)}`,
      );
    await sleep(RETRY_MS);
  }
}

/** Ends the PostgreSQL of this cluster, if there is one, and returns when its process is gone. */
export async function stopPostmaster(cluster: string): Promise<void> {
  const postmaster = await findPostmaster(cluster);
  if (!postmaster) return;
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(postmaster.pid, signal);
    const giveUpAt = performance.now() + STOP_TIMEOUT_MS;
    while (performance.now() < giveUpAt) {
      if (!(await runsCluster(postmaster.pid, cluster))) return;
      await sleep(POLL_MS);
    }
  }
}

async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const postmaster = await readPidFile(cluster);
  return postmaster && (await runsCluster(postmaster.pid, cluster)) ? postmaster : undefined;
}

/** Waits while a PostgreSQL that we find is still starting, recovering or stopping. */
async function settledPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const postmaster = await findPostmaster(cluster);
    if (!postmaster || postmaster.ready) return postmaster;
    if (performance.now() > giveUpAt)
      throw new DatabaseError(
        `PostgreSQL (process ${postmaster.pid}) neither becomes ready nor ends. End it and start again.`,
      );
    await sleep(POLL_MS);
  }
}

async function launch(
  storage: Storage,
  logFile: string,
  throwaway: boolean,
): Promise<{ port: number } | { log: string }> {
  const { cluster, binaries, runAs } = storage;
  const port = await freePort();
  const log = await open(logFile, 'a', 0o600);
  try {
    const { size: logStart } = await log.stat();
    const flags = Object.entries({ ...settings, ...(throwaway ? throwawaySettings : {}), port });
    const child = spawn(
      binaries.postgres,
      ['-D', cluster, ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...spawnOptions(runAs),
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    await once(child, 'spawn');
    child.unref();
    if (await becomesReady(child, cluster)) return { port };
    return { log: (await readFile(logFile)).subarray(logStart).toString() };
  } finally {
    await log.close();
  }
}

/** @returns false when the process ends instead */
async function becomesReady(child: ChildProcess, cluster: string): Promise<boolean> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null) {
    const postmaster = await readPidFile(cluster);
    if (postmaster?.pid === child.pid && postmaster?.ready) return true;
    if (performance.now() > giveUpAt) child.kill('SIGQUIT');
    await sleep(POLL_MS);
  }
  return false;
}

/** Another process took the port in between, or the last backends of a killed PostgreSQL are still ending. */
const passesByItself = (log: string) => /could not bind|pre-existing shared memory block/.test(log);

const lastLines = (log: string) => log.trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n');

async function readPidFile(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(() => '');
  const [pid, , , port, , , , status = ''] = text.split('\n');
  return pid ? { pid: Number(pid), port: Number(port), ready: status.trim() === 'ready' } : undefined;
}

/**
 * Lets PostgreSQL start over the pid file of a killed one. It refuses while any process has the number in that file,
 * which may have been given to another program since. Its own parent, which we are, it knows to be harmless; and it
 * still checks that no backend of the killed one is left, which it could not if we removed the file.
 */
async function releasePidFile(cluster: string): Promise<void> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(() => undefined);
  if (text !== undefined) await writeFile(pidFile(cluster), text.replace(/^.*/, String(process.pid)));
}

const pidFile = (cluster: string) => path.join(cluster, 'postmaster.pid');

/** Whether the process with this number is a PostgreSQL on this cluster, and not another program that got the number. */
async function runsCluster(pid: number, cluster: string): Promise<boolean> {
  try {
    if (process.platform !== 'linux')
      return (await runProgram('/bin/ps', ['-ww', '-o', 'args=', '-p', String(pid)], undefined)).includes(
        cluster,
      );
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return commandLine.split('\0').includes(cluster);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function rotateLog(logFile: string): Promise<void> {
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size > LOG_BYTES) await rename(logFile, `${logFile}.1`);
}
