import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/**
 * Programs that not every machine has; undefined where this one has none. A test that needs one skips without it, and
 * says so in its name, such as "(needs chromium)", by which `npm test` tells what it left out.
 */
export const chromium = find('chromium', 'chromium-browser', 'google-chrome');
export const redisServer = find('redis-server');

function find(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
