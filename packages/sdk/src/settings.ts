import { type Dispatcher, Pool } from 'undici';
import type { Attempt, ClientOptions, RequestOptions, UndiciDispatcher } from './options.ts';
import { SojournError } from './sojourn-error.ts';
import { VERSION } from './version.ts';

/** Client options, checked and completed. Holds the secret: never shown, never in a message. */
export interface Settings {
  origin: string;
  /** Path prefix without a slash at its end. */
  prefix: string;
  credential: string | (() => string | Promise<string>) | undefined;
  timeout: number;
  deadline: number | undefined;
  maxRetries: number;
  headers: Readonly<Record<string, string>>;
  dispatcher: Dispatcher;
  onAttempt: ((attempt: Attempt) => void) | undefined;
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT = 30_000;
const DEFAULT_MAX_RETRIES = 2;
/** Connections to one server; further requests wait for one to become free. */
const MAX_CONNECTIONS = 64;
/** Timers hold 32 bits; a longer one would fire at once. */
const MAX_MILLISECONDS = 2_147_483_647;

/** Checks the options of a new client. Fails with a `SojournError` that names the option. */
export function resolveOptions(options: ClientOptions): Settings {
  const { origin, prefix } = parseBaseUrl(options.baseUrl);
  checkLimits(options);
  const { dispatcher, close } = openDispatcher(options.dispatcher, origin);
  return {
    origin,
    prefix,
    credential: credentialOf(options),
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    deadline: options.deadline,
    maxRetries: options.maxRetries ?? DEFAULT_MAX_RETRIES,
    headers: {
      accept: 'application/json',
      'user-agent': `sojourn-sdk/${VERSION}`,
      ...lowerCased(options.headers),
    },
    dispatcher,
    onAttempt: options.onAttempt,
    close,
  };
}

/** Checks the numbers that client and call options share. */
export function checkLimits({ timeout, deadline, maxRetries }: RequestOptions | ClientOptions): void {
  for (const [name, value] of Object.entries({ timeout, deadline })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= MAX_MILLISECONDS)) {
      throw new SojournError(
        `${name} must be a whole number of milliseconds from 1 to ${MAX_MILLISECONDS}, not ${value}.`,
      );
    }
  }
  if (maxRetries !== undefined && !(Number.isInteger(maxRetries) && maxRetries >= 0)) {
    throw new SojournError(`maxRetries must be a whole number from 0, not ${maxRetries}.`);
  }
}

function parseBaseUrl(baseUrl: string): { origin: string; prefix: string } {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new SojournError('baseUrl must be an http or https URL such as "http://localhost:4000".');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new SojournError(
      'baseUrl must have no user, password, query or fragment. Credentials go into apiKey or accessToken.',
    );
  }
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') };
}

function credentialOf({ apiKey, accessToken }: ClientOptions): Settings['credential'] {
  if (apiKey !== undefined && accessToken !== undefined) {
    throw new SojournError('Give apiKey or accessToken, not both.');
  }
  const credential = apiKey ?? accessToken;
  if (typeof credential === 'string') checkCredential(credential);
  return credential;
}

/** Refuses what cannot stand in a header, without repeating it. */
export function checkCredential(credential: string): void {
  if (!/^[\x21-\x7e]+$/.test(credential)) {
    throw new SojournError(
      'The API key or access token is empty or has spaces or other characters that none has. Was it copied whole?',
    );
  }
}

function openDispatcher(
  given: UndiciDispatcher | undefined,
  origin: string,
): Pick<Settings, 'dispatcher' | 'close'> {
  if (given) return { dispatcher: given as unknown as Dispatcher, close: async () => {} };
  const pool = new Pool(origin, { connections: MAX_CONNECTIONS, allowH2: false });
  return { dispatcher: pool, close: () => pool.close() };
}

/** Headers with their names in lower case, so that the later of two spellings wins. */
export const lowerCased = (headers: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
