import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../bin/sojourn.js', import.meta.url));
if (!existsSync(new URL('../dist/cli.js', import.meta.url)))
  throw new Error('Build the CLI first: pnpm --filter @sojourn/cli build');

export const KEY = 'sjn_test_4w8z1y6k3d9m2n7q5r0s8t2v6x4c1b9h0aZk3Q';

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Wishes {
  env?: Record<string, string>;
  stdin?: string;
  cwd?: string;
  /** Called once the process runs: to send it a signal. */
  whileRunning?: (child: ReturnType<typeof spawn>) => void;
}

/** A user's home of its own, with nothing of the machine's environment in it. */
export function makeHome() {
  const home = mkdtempSync(join(tmpdir(), 'sojourn-cli-'));
  const configFile = join(home, '.config', 'sojourn', 'config.json');
  const env = (more: Record<string, string> = {}) => ({
    PATH: process.env.PATH ?? '',
    HOME: home,
    XDG_CACHE_HOME: join(tmpdir(), 'sojourn-cli-test-cache'),
    ...more,
  });
  return {
    home,
    configFile,
    env,
    /** A profile as `login` leaves it. */
    loggedIn(url: string, more: object = {}) {
      mkdirSync(join(home, '.config', 'sojourn'), { recursive: true, mode: 0o700 });
      const profile = { url, apiKey: KEY, keyId: null, user: null, ...more };
      writeFileSync(configFile, JSON.stringify({ current: 'default', profiles: { default: profile } }), {
        mode: 0o600,
      });
    },
    /** Runs the built CLI as a process of its own, without a terminal. */
    run: (args: readonly string[], { env: more, cwd = home, ...wishes }: Wishes = {}) =>
      runProcess(process.execPath, [BIN, ...args], { ...wishes, cwd, env: env(more) }),
    /** Runs a shell command in which `sojourn` is the built CLI. */
    shell: (command: string, { env: more, cwd = home, ...wishes }: Wishes = {}) =>
      runProcess('bash', ['-c', `sojourn() { '${process.execPath}' '${BIN}' "$@"; }\n${command}`], {
        ...wishes,
        cwd,
        env: env(more),
      }),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

export type Home = ReturnType<typeof makeHome>;

function runProcess(
  file: string,
  args: readonly string[],
  { env, stdin = '', cwd, whileRunning }: Wishes,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, ...(cwd && { cwd }) });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => {}).end(stdin);
    whileRunning?.(child);
  });
}
