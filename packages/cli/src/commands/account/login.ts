import type { Sojourn } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import {
  type Credentials,
  maskKey,
  type Profile,
  profileName,
  readCredentials,
  writeCredentials,
} from '../../config.ts';
import { DEFAULT_URL, isLoopback, serverUrl } from '../../connection.ts';
import { CliError, usageError } from '../../exit.ts';
import { isApiError } from '../../failure.ts';
import { readStdin } from '../../io.ts';
import { type DevRole, findDevCredentials, readDevCredentials } from './dev-credentials.ts';
import { revokeKey } from './revoke.ts';

interface Options {
  dev?: true;
  as: DevRole;
  url?: string;
  apiKey?: string;
  email?: string;
  password?: string;
}

type Obtained = Pick<Profile, 'url' | 'apiKey' | 'keyId'>;

/** What the CLI does for its user, and no more: it can neither make further keys nor administer. */
const SCOPES = [
  'listings:read',
  'listings:write',
  'calendar:read',
  'calendar:write',
  'bookings:read',
  'bookings:write',
  'payouts:read',
  'payouts:write',
  'profile:read',
  'notifications:read',
  'notifications:write',
  'events:read',
  'webhooks:read',
  'webhooks:write',
] as const;

export async function run(ctx: CommandContext, _args: [], options: Options): Promise<void> {
  checkOptions(options);
  // Before anything is asked or sent: a key that cannot be stored should not be made.
  const credentials = readCredentials(ctx.env.configDir);
  if (ctx.profile !== undefined) profileName(ctx.profile);
  const obtained = await obtainKey(ctx, options);
  if (obtained.url.startsWith('http:') && !isLoopback(obtained.url))
    ctx.io.warn(`${obtained.url} is not encrypted: everybody on the way can read the key. Prefer https.`);
  const user = await whoIs(ctx, obtained);
  const name = await store(ctx, credentials, { ...obtained, user });
  if (ctx.json) return ctx.io.json({ profile: name, url: obtained.url, user, key: maskKey(obtained.apiKey) });
  const who = user ? ` as ${user.displayName ?? user.email ?? user.id}` : '';
  ctx.io.success(`Logged in to ${obtained.url}${who} (profile ${name}).`);
  ctx.io.hint('sojourn listings list', 'sojourn listings import FILE --dry-run');
}

function checkOptions({ dev, apiKey, email, password, url }: Options) {
  // Arguments can be read by every process of the machine and stay in the shell's history.
  const fromStdin = (flag: string, noun: string, variable = '') =>
    usageError(
      `${flag} takes only -: a ${noun} on the command line could be read by others on this machine.`,
      [
        `sojourn login ${flag} - < FILE   (the ${noun} comes from stdin)`,
        ...(variable ? [`Or set ${variable}, and do not log in at all.`] : []),
      ],
    );
  if (apiKey !== undefined && apiKey !== '-') throw fromStdin('--api-key', 'key', 'SOJOURN_API_KEY');
  if (password !== undefined && password !== '-') throw fromStdin('--password', 'password');
  if (password !== undefined && email === undefined) throw usageError('--password needs --email.');
  if ([dev, apiKey, email].filter((way) => way !== undefined).length > 1)
    throw usageError('--dev, --api-key and --email are three ways to log in: choose one.');
  if (dev && url !== undefined) throw usageError('--dev finds the URL by itself: leave --url out.');
}

async function obtainKey(ctx: CommandContext, options: Options): Promise<Obtained> {
  if (options.dev) return readDevCredentials(ctx.env, options.as);
  const url = serverUrl(
    options.url ?? ctx.env.url ?? DEFAULT_URL,
    options.url === undefined ? 'SOJOURN_URL' : '--url',
  );
  if (options.apiKey !== undefined) return { url, apiKey: await readKey(ctx), keyId: null };
  if (options.email !== undefined) return exchangePassword(ctx, url, options.email, options.password);
  if (!ctx.interactive)
    throw usageError('Say how to log in: there is nobody to ask.', [
      'sojourn login --dev               (a server that you started with `npm start`)',
      'sojourn login --api-key - < FILE',
      'sojourn login --email you@example.com --password - < FILE',
    ]);
  return askHow(ctx, url, options);
}

async function askHow(ctx: CommandContext, url: string, options: Options): Promise<Obtained> {
  const { askChoice, askText } = await import('../../prompts.ts');
  const { io, signal } = ctx;
  const dev = options.url === undefined ? findDevCredentials(ctx.env) : undefined;
  const way = await askChoice(
    io,
    dev ? 'How do you want to log in?' : `How do you want to log in to ${url}?`,
    [
      ...(dev
        ? [{ value: 'dev', name: 'The demo host of the server in this folder', description: dev }]
        : []),
      { value: 'password', name: 'Email and password' },
      { value: 'key', name: 'API key' },
    ],
    signal,
  );
  if (way === 'dev') return readDevCredentials(ctx.env, options.as);
  if (way === 'key') return { url, apiKey: await readKey(ctx), keyId: null };
  return exchangePassword(ctx, url, await askText(io, 'Email', signal), undefined);
}

async function readKey(ctx: CommandContext): Promise<string> {
  const key = await readSecret(ctx, 'API key', '--api-key - < FILE');
  if (!/^sjn_(test|live)_\w{16,}$/.test(key))
    throw usageError(
      'That is no API key: one looks like sjn_live_… or sjn_test_…, in one line. Was it copied whole?',
    );
  return key;
}

/** A secret from stdin, asked for without echo where stdin is a person. */
async function readSecret(ctx: CommandContext, what: string, flags: string): Promise<string> {
  if (!ctx.io.stdinIsTerminal) return (await readStdin(ctx.io)).trim();
  if (!ctx.interactive) throw usageError(`There is nobody to ask for the ${what}.`, `sojourn login ${flags}`);
  const { askSecret } = await import('../../prompts.ts');
  return (await askSecret(ctx.io, what, ctx.signal)).trim();
}

/**
 * A password is never stored, and neither is the session that it opens: it is exchanged at once for a key with the
 * scopes that the CLI needs, which the user can see in the list of keys and revoke there.
 */
async function exchangePassword(
  ctx: CommandContext,
  url: string,
  email: string,
  from: string | undefined,
): Promise<Obtained> {
  if (from === undefined && !ctx.interactive)
    throw usageError(
      'There is nobody to ask for the password.',
      `sojourn login --email ${email} --password - < FILE`,
    );
  const password = await readSecret(ctx, 'Password', `--email ${email} --password - < FILE`);
  const { openClient } = await import('../../client.ts');
  const { accessToken } = await openClient(url).auth.login({ email, password }, { signal: ctx.signal });
  const client = openClient(url, { accessToken });
  try {
    const { id, key } = await client.apiKeys.create(
      { name: keyName(ctx), scopes: [...SCOPES] },
      { signal: ctx.signal },
    );
    return { url, apiKey: key, keyId: id };
  } finally {
    await endSession(client);
  }
}

const keyName = ({ env }: CommandContext) => `sojourn CLI on ${env.hostname}`.slice(0, 80);

/** The session has done its work. Should ending it fail, it expires by itself, and the login is still good. */
async function endSession(client: Sojourn) {
  await client.auth.logout().catch(() => {});
}

async function whoIs(ctx: CommandContext, { url, apiKey }: Obtained): Promise<Profile['user']> {
  const { openClient } = await import('../../client.ts');
  try {
    const { id, email, displayName } = await openClient(url, { apiKey }).me.get({ signal: ctx.signal });
    return { id, email: email ?? null, displayName: displayName ?? null };
  } catch (error) {
    // The key is good, and merely not meant for reading its owner's profile.
    if (isApiError(error) && error.status === 403) return null;
    if (isApiError(error) && error.status === 401)
      throw new CliError(`${url} does not accept the key ${maskKey(apiKey)}. Nothing was stored.`, {
        exitCode: 4,
        next: ['Was it copied whole, and is it for this server?', `sojourn explain ${error.code}`],
      });
    throw error;
  }
}

/** Remembers the key under the chosen name, or `default`, or the host's name where `default` is another server already. */
async function store(ctx: CommandContext, { profiles }: Credentials, profile: Profile): Promise<string> {
  const free = profiles.default === undefined || profiles.default.url === profile.url;
  const name = ctx.profile ?? (free ? 'default' : new URL(profile.url).host.replaceAll(/[^\w.-]/g, '-'));
  const replaced = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  writeCredentials(ctx.env.configDir, { current: name, profiles: { ...profiles, [name]: profile } });
  if (replaced && replaced.apiKey !== profile.apiKey) await revokeKey(ctx, replaced);
  return name;
}
