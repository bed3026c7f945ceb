import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import Cursor from 'pg-cursor';
import type { Log } from '../log.ts';
import type { DB as Database } from './rows.ts';

/** The role that the application works as: it owns nothing and can define nothing. */
export const APPLICATION_ROLE = 'sojourn_app';

// Money is int8 and safe in a double by constraint; whatever is not must fail loudly rather than be rounded.
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the safe integers`);
  return value;
}

/** How values come from PostgreSQL. */
export const columnTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8) return safeInteger;
    // A date is a local calendar day, not an instant: it stays text.
    if (oid === pg.types.builtins.DATE) return (text: string) => text;
    if (oid === pg.types.builtins.NUMERIC) return Number;
    return pg.types.getTypeParser(oid, format);
  },
} as pg.CustomTypesConfig;

const MIN_SERVER_VERSION = 160_000;
const TRANSACTION_TIMEOUT_SINCE = 170_000;

export class DatabaseError extends Error {}

export async function openPool(url: string, size: number, log: Log): Promise<pg.Pool> {
  const version = await serverVersion(url);
  if (version < MIN_SERVER_VERSION)
    throw new DatabaseError(
      `PostgreSQL 16 or newer is needed; this server is version ${Math.floor(version / 10_000)}.`,
    );
  const settings: Record<string, string> = {
    role: APPLICATION_ROLE,
    statement_timeout: '5s',
    lock_timeout: '3s',
    idle_in_transaction_session_timeout: '10s',
    ...(version >= TRANSACTION_TIMEOUT_SINCE ? { transaction_timeout: '15s' } : {}),
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 1_500,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'sojourn',
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: columnTypes,
  });
  // An idle connection that breaks (the database restarts) is replaced by the pool; the process must not fall over it.
  survive(pool, (err) => log.warn({ err }, 'a database connection broke'));
  keepPlans(pool);
  return pool;
}

/** A statement that begins with this is planned only the first few times: for one that is planned longer than it runs. */
export const KEEP_PLAN = '/* keep the plan */';
/** Each of them holds one or two megabytes of each connection. */
const MAX_KEPT_PLANS = 12;

function keepPlans(pool: pg.Pool): void {
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    if (!names.has(text) && names.size < MAX_KEPT_PLANS) names.set(text, `kept_${names.size}`);
    return names.get(text);
  };
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    const queryByName = (...given: unknown[]) => {
      const [text, values] = given;
      const name = typeof text === 'string' && text.startsWith(KEEP_PLAN) ? nameOf(text) : undefined;
      return name === undefined ? query(...given) : query({ name, text, values });
    };
    client.query = queryByName as typeof client.query;
  });
}

/** Tells of connections that break, also of one that is in use but waits for nothing: unheard, that ends the process. */
export function survive(pool: pg.Pool, tell: (error: Error) => void): void {
  pool.on('error', tell);
  pool.on('connect', (client) => client.on('error', tell));
}

async function serverVersion(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    );
    return rows[0]!.version;
  } finally {
    await client.end();
  }
}

export const kyselyOn = (pool: pg.Pool) =>
  new Kysely<Database>({ dialect: new PostgresDialect({ pool, cursor: Cursor }) });
