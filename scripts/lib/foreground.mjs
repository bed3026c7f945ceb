import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { root } from './root.mjs';
import { pinnedNode } from './toolchain.mjs';

const PARENT_CHECK_MS = 500;
const parent = process.ppid;

/**
 * Runs a program of ours on the pinned Node to its end, with the settings in `.env`, and takes over its exit code.
 *
 * The program has a process group of its own and gets one signal, however often it comes: at Ctrl-C both the terminal
 * and npm send it, and to the server a second one means "at once". A signal to npm alone ends the shell between npm
 * and this process but not this process; that the parent is gone then stands for the signal.
 */
export async function runInForeground(args) {
  const settings = existsSync(path.join(root, '.env')) ? ['--env-file=.env'] : [];
  const child = spawn(pinnedNode, ['--enable-source-maps', ...settings, ...args], {
    cwd: root,
    stdio: 'inherit',
    detached: true,
  });
  let asked = false;
  const ask = (signal) => {
    if (!asked) child.kill(signal);
    asked = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, ask);
  process.on('SIGHUP', () => ask('SIGTERM'));
  const check = setInterval(() => process.ppid !== parent && ask('SIGTERM'), PARENT_CHECK_MS);
  process.exitCode = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
  clearInterval(check);
}
