import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError, usageError } from './exit.ts';

/** What `sojourn login` remembers of one server. */
export interface Profile {
  /** The only place where the key is ever sent to. Without a slash at the end. */
  url: string;
  apiKey: string;
  /** Id of a key that the CLI made for itself: `logout` revokes it. Null for a key that somebody brought along. */
  keyId: string | null;
  /** Whom the key acts for, as far as the server told. */
  user: { id: string; email: string | null; displayName: string | null } | null;
  /** With which `sojourn listen` signs: the same each time, so that an app's settings stay right. */
  listenSecret?: string;
}

export interface Credentials {
  /** Name of the profile in use; null when there is none. */
  current: string | null;
  profiles: Record<string, Profile>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const OPEN_TO_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;

export const credentialsFile = (configDir: string) => join(configDir, 'config.json');

/** A profile's name as typed, or a usage error: it has to be safe to print, to type and to complete. */
export function profileName(name: string): string {
  if (!NAME.test(name))
    throw usageError('A profile name has up to 64 letters, digits, dots, dashes and underscores.');
  return name;
}

/** What is stored, or nothing at all when nobody has logged in yet. Refuses a file that others could read or write. */
export function readCredentials(configDir: string): Credentials {
  const path = credentialsFile(configDir);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { current: null, profiles: {} };
    throw new CliError(`Cannot read the credentials in ${path}: ${(error as Error).message}`);
  }
  try {
    refuseUnsafe(path, fstatSync(file), OPEN_TO_OTHERS, '600');
    refuseUnsafe(dirname(path), statSync(dirname(path)), WRITABLE_BY_OTHERS, '700');
    return parse(path, readFileSync(file, 'utf8'));
  } finally {
    closeSync(file);
  }
}

/** Replaces the file in one step: a reader sees the old one or the new one, also after a power cut. */
export function writeCredentials(configDir: string, credentials: Credentials): void {
  const path = credentialsFile(configDir);
  const draft = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(configDir, { recursive: true, mode: 0o700 });
    rmSync(draft, { force: true });
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeSync(file, `${JSON.stringify(credentials, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new CliError(`Cannot write the credentials to ${path}: ${(error as Error).message}`);
  }
}

function refuseUnsafe(
  path: string,
  { mode, uid }: { mode: number; uid: number },
  forbidden: number,
  wanted: string,
) {
  // Windows has neither: its profile folder is closed to others by itself.
  if (process.getuid === undefined) return;
  if (uid !== process.getuid())
    throw new CliError(`${path} belongs to another user (uid ${uid}), so it is not trusted.`, {
      next: ['Log in as that user, or point XDG_CONFIG_HOME to a folder of your own.'],
    });
  if (mode & forbidden)
    throw new CliError(
      `${path} is open to other users of this machine (mode ${(mode & 0o777).toString(8)}), so it is not used.`,
      {
        next: [
          `chmod ${wanted} ${path}`,
          'If others may have read it: revoke the key on the server, then `sojourn login`.',
        ],
      },
    );
}

function parse(path: string, text: string): Credentials {
  const broken = (what: string) =>
    new CliError(`${path} ${what}.`, { next: ['Remove the file, then `sojourn login`.'] });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken('is not valid JSON');
  }
  if (!isRecord(value) || !isRecord(value.profiles) || !Object.values(value.profiles).every(isProfile))
    throw broken('does not hold what `sojourn login` writes');
  const profiles = value.profiles as Record<string, Profile>;
  const current =
    typeof value.current === 'string' && Object.hasOwn(profiles, value.current) ? value.current : null;
  return { current, profiles };
}

const isProfile = (value: unknown) =>
  isRecord(value) && typeof value.url === 'string' && typeof value.apiKey === 'string';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isErrno = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;

/** As much of a key as may be shown: enough to tell two apart, nothing that helps to guess the rest. */
export function maskKey(apiKey: string): string {
  const prefix = /^sjn_(?:test|live)_/.exec(apiKey)?.[0] ?? '';
  const secret = apiKey.slice(prefix.length);
  return `${prefix}${secret.length >= 20 ? secret.slice(0, 4) : ''}…`;
}
