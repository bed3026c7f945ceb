import { spawn } from 'node:child_process';
import path from 'node:path';
import { styleText } from 'node:util';
import { root } from './root.mjs';
import { pinnedNode } from './toolchain.mjs';

const SERVER = path.join(root, 'packages/api/dist/bin/server.js');
const CLI = path.join(root, 'packages/cli/bin/sojourn.js');
const READY_WITHIN_MS = 60_000;
const COMMAND_WITHIN_MS = 60_000;

const say = (text) => process.stdout.write(`${text}\n`);

/**
 * A server of its own and a way to run commands against it. Everything is below `folder`: nothing of whoever looks on is
 * read or changed.
 */
export async function openStage(folder) {
  const environment = {
    ...withoutSettings(process.env),
    HOME: folder,
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    XDG_STATE_HOME: path.join(folder, 'state'),
    SOJOURN_DATA_DIR: path.join(folder, 'data'),
    ...(process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: '1' } : {}),
  };
  const server = await startServer(environment, folder);
  return {
    url: server.url,
    heading: (text) => say(`\n${styleText('bold', text)}`),
    note: (text) => say(styleText('dim', text)),
    /** Runs a command, shows it with what it prints, and answers that. */
    sojourn: (...args) => run(args, { environment, folder, shown: true }),
    /** The same as data, without showing it. */
    async data(...args) {
      const output = await run([...args, '--json'], { environment, folder, shown: false });
      return JSON.parse(output);
    },
    /** What must be true here. The story ends where it is not. */
    mustBe(condition, text) {
      if (!condition) throw new Error(`That is not so: ${text}.`);
      say(`${styleText('green', '✓')} ${text}`);
    },
    close: server.close,
  };
}

const withoutSettings = (environment) =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(SOJOURN_|STRIPE_|DATABASE_|REDIS_)/.test(name)),
  );

async function startServer(environment, folder) {
  const child = spawn(pinnedNode, [SERVER], {
    cwd: folder,
    env: { ...environment, PORT: '0', LOG_LEVEL: 'error', SEED_DEMO: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error('The server is not ready in time.')), READY_WITHIN_MS);
    const listen = (chunk) => {
      output += chunk;
      const found = /is ready at (\S+)/.exec(output)?.[1];
      if (!found) return;
      clearTimeout(giveUp);
      resolve(found);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    gone.then(() => reject(new Error(`The server did not start:\n${output}`)));
  });
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function run(args, { environment, folder, shown }) {
  const words = args.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`));
  if (shown) say(`\n${styleText('cyan', '$')} sojourn ${words.join(' ')}`);
  const child = spawn(pinnedNode, [CLI, ...args], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_WITHIN_MS,
  });
  let data = '';
  let talk = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    data += chunk;
    if (shown) process.stdout.write(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    talk += chunk;
    if (shown) process.stdout.write(chunk);
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`sojourn ${words.join(' ')} ended with ${code}.\n${shown ? '' : talk}`);
  return shown ? data + talk : data;
}
