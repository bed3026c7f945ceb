import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './root.mjs';

const LOCK_FILE = path.join(root, '.sojourn/cache/preparing.pid');
const POLL_MS = 200;

/** Two commands in one checkout do not install or build at the same time: the second waits. */
export async function withLock(work) {
  mkdirSync(path.dirname(LOCK_FILE), { recursive: true });
  for (let told = false; !take(); told = true) {
    const owner = readOwner();
    if (owner && !isAlive(owner)) rmSync(LOCK_FILE, { force: true });
    else if (!told)
      console.log(
        `Waiting for another command (process ${owner ?? 'unknown'}) that is preparing this checkout…`,
      );
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK_FILE, { force: true });
  }
}

function take() {
  try {
    writeFileSync(LOCK_FILE, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner() {
  try {
    return Number(readFileSync(LOCK_FILE, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
