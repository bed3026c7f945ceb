import { type Credentials, readCredentials } from './config.ts';
import type { Environment } from './environment.ts';
import { loginNeeded, usageError } from './exit.ts';

/** The server that a command talks to, and the key it shows there. A key never travels to another URL. */
export interface Connection {
  /** Origin and optional path prefix, without a slash at the end: `http://localhost:4000`. */
  url: string;
  apiKey: string;
  /** Name of the stored profile; undefined when SOJOURN_API_KEY is in charge. */
  profile: string | undefined;
}

/** Where `npm start` serves. */
export const DEFAULT_URL = 'http://localhost:4000';

/** A server's URL in its one spelling, or a usage error that says where the bad one came from. */
export function serverUrl(text: string, source: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw usageError(`${source} is not an http or https URL.`, `For example ${DEFAULT_URL}`);
  if (url.username || url.password || url.search || url.hash)
    throw usageError(`${source} must be a plain URL, without user, query or fragment.`);
  return url.href.replace(/\/+$/, '');
}

/** Whether a URL leads to this very machine. */
export const isLoopback = (url: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/.test(new URL(url).hostname);

/** Where to and as whom, from `--profile`, the environment and the stored profiles, in this order. */
export function resolveConnection(env: Environment, chosen: string | undefined): Connection {
  const url = env.url === undefined ? undefined : serverUrl(env.url, 'SOJOURN_URL');
  if (chosen === undefined && env.apiKey !== undefined)
    return { url: url ?? DEFAULT_URL, apiKey: env.apiKey, profile: undefined };
  return fromProfile(readCredentials(env.configDir), chosen ?? env.profile, url);
}

function fromProfile(
  { current, profiles }: Credentials,
  wanted: string | undefined,
  url: string | undefined,
): Connection {
  const name = wanted ?? profileFor(url, current, profiles);
  const profile = name !== undefined && Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (name === undefined || !profile) {
    if (wanted !== undefined)
      throw loginNeeded(`There is no profile called ${wanted}.`, [
        `sojourn login --profile ${wanted}`,
        'sojourn profiles',
      ]);
    throw loginNeeded(
      url === undefined ? 'You are not logged in.' : `You are not logged in to ${url} (SOJOURN_URL).`,
      ['sojourn login', 'sojourn login --dev   (a server that you started with `npm start`)'],
    );
  }
  if (url !== undefined && profile.url !== url)
    throw loginNeeded(
      `Profile ${name} is for ${profile.url}, and SOJOURN_URL says ${url}: its key is not sent there.`,
      ['Unset SOJOURN_URL, or set SOJOURN_API_KEY as well.'],
    );
  return { url: profile.url, apiKey: profile.apiKey, profile: name };
}

/** The profile in use, unless SOJOURN_URL names another server: then one that was made for it. */
function profileFor(url: string | undefined, current: string | null, profiles: Credentials['profiles']) {
  if (url === undefined) return current ?? undefined;
  if (current !== null && profiles[current]?.url === url) return current;
  return Object.keys(profiles).find((name) => profiles[name]?.url === url);
}
