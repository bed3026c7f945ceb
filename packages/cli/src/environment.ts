import { homedir, hostname } from 'node:os';
import { join } from 'node:path';

/** The only reader of `process.env`. Empty variables count as absent. */
export interface Environment {
  apiKey: string | undefined;
  url: string | undefined;
  profile: string | undefined;
  /** SOJOURN_DATA_DIR: where the embedded server keeps its files, the dev credentials among them. */
  dataDir: string | undefined;
  /** `$XDG_CONFIG_HOME/sojourn`: credentials. */
  configDir: string;
  /** `$XDG_STATE_HOME/sojourn`: what may be lost without harm to anybody but costs time (import ledgers). */
  stateDir: string;
  cwd: string;
  hostname: string;
  /** A build machine: nobody is there to answer a question. */
  ci: boolean;
  /** SOJOURN_DEBUG=1: show stack traces. */
  debug: boolean;
  colour: 'always' | 'never' | 'auto';
}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): Environment {
  const get = (name: string) => env[name] || undefined;
  // The XDG specification says that a relative path is invalid and to be ignored.
  const folder = (name: string, ...fallback: string[]) => {
    const base = get(name);
    return join(base?.startsWith('/') ? base : join(get('HOME') ?? homedir(), ...fallback), 'sojourn');
  };
  return {
    apiKey: get('SOJOURN_API_KEY'),
    url: get('SOJOURN_URL'),
    profile: get('SOJOURN_PROFILE'),
    dataDir: get('SOJOURN_DATA_DIR'),
    configDir: folder('XDG_CONFIG_HOME', '.config'),
    stateDir: folder('XDG_STATE_HOME', '.local', 'state'),
    cwd,
    hostname: hostname(),
    ci: isSet(get('CI')),
    debug: isSet(get('SOJOURN_DEBUG')),
    colour: colourWish(get),
  };
}

const isSet = (value: string | undefined) => value !== undefined && value !== '0' && value !== 'false';

// https://no-color.org and https://force-color.org: the wish to have none is the stronger one.
function colourWish(get: (name: string) => string | undefined): Environment['colour'] {
  if (get('NO_COLOR')) return 'never';
  const force = get('FORCE_COLOR');
  if (force) return isSet(force) ? 'always' : 'never';
  return get('TERM') === 'dumb' ? 'never' : 'auto';
}
