import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { serverUrl } from '../../connection.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../exit.ts';

export type DevRole = 'host' | 'guest' | 'admin';

const FILE = 'credentials.json';

/**
 * Where a server in sandbox mode left its demo credentials: in SOJOURN_DATA_DIR, else in `.sojourn` of the working
 * folder or of a folder above it, up to the root of the checkout.
 */
export function findDevCredentials({ dataDir, cwd }: Environment): string | undefined {
  if (dataDir !== undefined) return existing(join(dataDir, FILE));
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = existing(join(folder, '.sojourn', FILE));
    if (found !== undefined || existsSync(join(folder, '.git')) || folder === dirname(folder)) return found;
  }
}

const existing = (path: string) => (existsSync(path) ? path : undefined);

export function readDevCredentials(
  env: Environment,
  role: DevRole,
): { url: string; apiKey: string; keyId: null } {
  const path = findDevCredentials(env);
  if (path === undefined)
    throw new CliError(`There are no dev credentials in ${env.dataDir ?? `${env.cwd} or above`}.`, {
      next: [
        'Start the server with `npm start` (it writes .sojourn/credentials.json) and run this in its folder,',
        'or set SOJOURN_DATA_DIR to its data folder.',
      ],
    });
  let value: ({ url?: unknown } & Partial<Record<DevRole, { apiKey?: unknown }>>) | null;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CliError(`Cannot read ${path}: ${(error as Error).message}`);
  }
  const apiKey = value?.[role]?.apiKey;
  if (typeof value?.url !== 'string' || typeof apiKey !== 'string')
    throw new CliError(`${path} does not name a url and the ${role}'s apiKey.`, {
      next: ['Start the server again: it writes the file anew.'],
    });
  return { url: serverUrl(value.url, `The url in ${path}`), apiKey, keyId: null };
}
