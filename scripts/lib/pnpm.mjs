import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { runQuietly } from './quietly.mjs';
import { root } from './root.mjs';

/** Runs the pinned pnpm, which npx fetches when the machine does not have it yet. */
export async function pnpm(args) {
  const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  await runQuietly('npx', ['--yes', packageManager, ...args], {
    ...process.env,
    ...quiet,
    ...writableFolders(),
  });
}

const quiet = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', npm_config_update_notifier: 'false' };

/** npm and pnpm keep caches in the home folder. Where that cannot be written, they get a place in the project. */
function writableFolders() {
  const home = homedir();
  const replacement = path.join(root, '.sojourn', 'cache');
  const npmCache = process.env.npm_config_cache ?? path.join(home, '.npm');
  const homeReplaced = canWrite(home) ? {} : { HOME: replacement, ...keepUserConfig(home) };
  return canWrite(npmCache)
    ? homeReplaced
    : { ...homeReplaced, npm_config_cache: path.join(replacement, 'npm') };
}

/** The registry that this machine uses may be named in the home folder. */
function keepUserConfig(home) {
  const file = process.env.npm_config_userconfig ?? path.join(home, '.npmrc');
  return existsSync(file) ? { npm_config_userconfig: file } : {};
}

/** Whether this folder can be written, or made. */
function canWrite(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    return error.code === 'ENOENT' && path.dirname(folder) !== folder && canWrite(path.dirname(folder));
  }
}
