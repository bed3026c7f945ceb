import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './embedded.ts';

/** A server of one line: starts PostgreSQL, says so, and ends without stopping it when its input ends. */
const SERVER = `
  const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)});
  const { ownerUrl, adopted } = await startEmbeddedPostgres({ dataDir: process.argv[1], log: { info() {} } });
  console.log(JSON.stringify({ ownerUrl, adopted }));
  process.stdin.resume();
`;

const log = { info() {} };
const children: ChildProcess[] = [];
let folder: string;
/** One cluster serves most tests, each of which leaves it stopped: making one takes a second, starting it a tenth. */
let dataDir: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sojourn-embedded-'));
  // As root, PostgreSQL runs as a user that must be able to enter.
  await chmod(folder, 0o755);
  dataDir = path.join(folder, `with spaces, 'quotes' and ${'a long name '.repeat(10)}`);
});

afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) await end(child, 'SIGKILL');
  await (await start()).stop();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const start = () => startEmbeddedPostgres({ dataDir, log });

function spawnServer(dataDir: string): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SERVER, dataDir], { detached: true });
  children.push(child);
  return child;
}

async function startInChild(): Promise<{ child: ChildProcess; ownerUrl: string; adopted: boolean }> {
  const child = spawnServer(dataDir);
  const errors = text(child.stderr!);
  const refusal = once(child, 'exit').then(async () => {
    throw new Error(await errors);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout!), 'line'), refusal]);
  return { child, ...JSON.parse(line) };
}

async function end(child: ChildProcess, signal: NodeJS.Signals, pid = child.pid!): Promise<void> {
  const exited = once(child, 'exit');
  process.kill(pid, signal);
  await exited;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const pidFile = () => path.join(dataDir, 'postgres', 'postmaster.pid');
const postmasterPid = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0]);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the embedded PostgreSQL', { timeout: 60_000 }, () => {
  it('keeps data over a clean stop, after which no process is left', async () => {
    const first = await start();
    const pid = await postmasterPid();
    await query(first.ownerUrl, 'create table if not exists nights as select 1 as night');
    expect(first.adopted).toBe(false);
    await Promise.all([first.stop(), first.stop()]);
    expect(isAlive(pid)).toBe(false);
    expect(await readdir(dataDir)).not.toContain('server.pid');

    const second = await start();
    expect(await query(second.ownerUrl, 'select night from nights')).toEqual([{ night: 1 }]);
    await second.stop();
    expect(await readFile(path.join(dataDir, 'postgres.log'), 'utf8')).not.toMatch(/FATAL|recovery/);
  });

  it('is set up the same on every machine, and refuses a wrong password', async () => {
    const { ownerUrl, stop } = await start();
    const [settings] = await query(
      ownerUrl,
      `select current_setting('server_version_num')::int / 10000 as version, current_setting('timezone') as zone,
        current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
        lower('ÉCOLE') as lower, datlocale as locale, pg_encoding_to_char(encoding) as encoding
        from pg_database where datname = current_database()`,
    );
    expect(settings).toEqual({
      version: 18,
      zone: 'UTC',
      addresses: '127.0.0.1',
      sockets: '',
      lower: 'école',
      locale: 'C.UTF-8',
      encoding: 'UTF8',
    });
    const guess = new URL(ownerUrl);
    guess.password = 'guess';
    await expect(query(guess.href, 'select')).rejects.toMatchObject({ code: '28P01' });
    await stop();
  });

  it('takes over the PostgreSQL of a killed server', async () => {
    const killed = await startInChild();
    await query(killed.ownerUrl, 'create table if not exists nights as select 1 as night');
    await end(killed.child, 'SIGKILL');
    const next = await start();
    expect(next.adopted).toBe(true);
    expect(await query(next.ownerUrl, 'select night from nights')).toEqual([{ night: 1 }]);
    await next.stop();
    await expect(query(next.ownerUrl, 'select')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('recovers when PostgreSQL was killed too, even if its process number has gone to another program', async () => {
    const killed = await startInChild();
    await query(killed.ownerUrl, 'create table if not exists nights as select 1 as night');
    await end(killed.child, 'SIGKILL');
    process.kill(await postmasterPid(), 'SIGKILL');
    // Of the same user: PostgreSQL itself takes no notice of other users' processes.
    const { uid, gid } = await stat(path.join(dataDir, 'postgres'));
    const stranger = spawn('sleep', ['60'], { uid, gid, cwd: '/' });
    children.push(stranger);
    await writeFile(pidFile(), (await readFile(pidFile(), 'utf8')).replace(/^.*/, String(stranger.pid)));

    const next = await start();
    expect(next.adopted).toBe(false);
    expect(await query(next.ownerUrl, 'select night from nights')).toEqual([{ night: 1 }]);
    await next.stop();
    expect(isAlive(stranger.pid!)).toBe(true);
  });

  it('starts anew over an initialisation that was killed', async () => {
    const fresh = path.join(folder, 'killed');
    const child = spawnServer(fresh);
    const hasBegun = async () =>
      (await readdir(fresh).catch(() => [])).some((name) => name.startsWith('postgres.new-'));
    while (!(await hasBegun())) await sleep(5);
    await end(child, 'SIGKILL');
    expect(await readdir(fresh)).not.toContain('postgres');

    const { stop } = await startEmbeddedPostgres({ dataDir: fresh, log });
    await stop();
    expect((await readdir(fresh)).filter((name) => name.includes('.new'))).toEqual([]);
  });

  it('belongs to one of two servers that start at the same moment', async () => {
    const outcomes = await Promise.allSettled([startInChild(), startInChild()]);
    const refused = outcomes.find(({ status }) => status === 'rejected');
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(String((refused as PromiseRejectedResult).reason)).toMatch(
      /in use by another Sojourn server \(process \d+\)/,
    );
  });

  it('outlives a Ctrl-C to the process group, so that the server can drain first', async () => {
    const { child, ownerUrl } = await startInChild();
    await end(child, 'SIGINT', -child.pid!);
    expect(await query(ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('does not keep the process of the server open', async () => {
    const { child } = await startInChild();
    const exited = once(child, 'exit');
    child.stdin!.end();
    expect(await exited).toEqual([0, null]);
  });

  it('says what to do when the folder is a file, or its password is gone or wrong', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expect(startEmbeddedPostgres({ dataDir: file, log })).rejects.toThrow(
      /cannot be used.*SOJOURN_DATA_DIR/,
    );

    const pointerFile = path.join(dataDir, 'postgres.json');
    const pointer = await readFile(pointerFile, 'utf8');
    await rm(pointerFile);
    await expect(start()).rejects.toThrow(/postgres\.json is missing/);
    await writeFile(pointerFile, '{');
    await expect(start()).rejects.toThrow(/is damaged/);
    await writeFile(pointerFile, pointer.replace(/"password": "./, '"password": "-'));
    await expect(start()).rejects.toThrow(/is not the one of the database/);
    await writeFile(pointerFile, pointer);
  });

  it('is deleted at the stop of a throwaway', async () => {
    const thrownAway = path.join(folder, 'thrown away');
    const { ownerUrl, stop } = await startEmbeddedPostgres({ dataDir: thrownAway, log, throwaway: true });
    expect(await query(ownerUrl, 'show fsync')).toEqual([{ fsync: 'off' }]);
    await stop();
    expect(await readdir(thrownAway)).not.toContain('postgres');
  });
});
