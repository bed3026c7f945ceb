import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { round, writeDrafts } from './batch.ts';
import type { ServerProcess } from './lab.ts';

const CLI = path.join(import.meta.dirname, '../packages/cli/bin/sojourn.js');
const IMPORT_ROWS = 50_000;

/** P14: what `sojourn --help` and `--version` take beside `node -e 0`, in turns; medians. */
export function benchCliStart() {
  const commands = {
    'node -e 0': ['-e', '0'],
    'sojourn --version': [CLI, '--version'],
    'sojourn --help': [CLI, '--help'],
  };
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, [] as number[]]));
  for (let round = 0; round < 21; round++)
    for (const [name, words] of Object.entries(commands)) {
      const started = performance.now();
      spawnSync(process.execPath, words, { stdio: 'ignore' });
      times[name]!.push(performance.now() - started);
    }
  const median = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
  const bare = median(times['node -e 0']!);
  return Object.fromEntries(
    Object.entries(times).map(([name, all]) => [
      name,
      { ms: Math.round(median(all)), ratio: round(median(all) / bare) },
    ]),
  );
}

/** Rows a second and peak memory of `sojourn listings import`, all its own work and the server's included. */
export async function benchImport(server: ServerProcess, folder: string) {
  const file = await writeDrafts(folder, IMPORT_ROWS);
  const home = path.join(folder, 'home');
  await mkdir(home, { recursive: true });
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [CLI, 'listings', 'import', file, '--publish', '--report', folder, '--quiet'],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        SOJOURN_URL: server.url,
        SOJOURN_API_KEY: server.credentials.host.apiKey,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  let peak = 0;
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }, 100);
  const [code] = (await once(child, 'exit')) as [number];
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1_000;
  return {
    rows: IMPORT_ROWS,
    exitCode: code,
    seconds: round(seconds),
    rowsPerSecond: Math.round(IMPORT_ROWS / seconds),
    peakMemoryMiB: Math.round(peak / 1_024),
  };
}
