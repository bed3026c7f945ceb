import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/** Runs a program in the project and shows what it printed only when it fails, as the text of an Error. */
export async function runQuietly(program, args, env = process.env) {
  const color = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' };
  const child = spawn(program, args, {
    cwd: root,
    env: { ...env, ...color },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  if (code !== 0)
    throw new Error(`${Buffer.concat(output)}\n${program} ${args.join(' ')} ended with ${code}`);
}
