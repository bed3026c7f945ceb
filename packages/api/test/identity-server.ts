import { Writable } from 'node:stream';
import pg from 'pg';
import { pino } from 'pino';
import { contextOfProcess } from '../src/platform/context.ts';
import { type CallOptions, callerOf } from './caller.ts';
import { startTestServer } from './server.ts';

export const PASSWORD = 'harbour-lantern-42';

// So high that no limit is met, and that the counters are not written while statements are counted.
const UNLIMITED = { RATE_LIMIT_SIGN_IN_PER_MINUTE: '6000000', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '6000000' };

/**
 * The server with what tests of identity look at: a clock that they move, the log (nothing is redacted in it, so that
 * what must not be logged is not even passed), and a count of the SQL that ran.
 */
export async function startIdentityServer() {
  const clock = { aheadMs: 0, now: () => new Date(Date.now() + clock.aheadMs) };
  const logged: string[] = [];
  const log = pino(
    { level: 'trace' },
    new Writable({ write: (chunk, _encoding, done) => done(void logged.push(String(chunk))) }),
  );
  const server = await startTestServer(UNLIMITED, { clock, log });
  const { resources } = server;
  const statements = countStatements(resources.pool);
  const owner = new pg.Client({ connectionString: server.databaseUrl });
  await owner.connect();
  let people = 0;

  const call = (method: string, path: string, { token, ...options }: CallOptions & { token?: string } = {}) =>
    callerOf(server, token)(method, path, options);

  return {
    ...server,
    clock,
    logged,
    statements,
    /** For verbs that no route calls. */
    ctx: contextOfProcess(resources, null),
    call,
    /** As the owner of the database. */
    sql: async (text: string, values: unknown[] = []) => (await owner.query(text, values)).rows,
    /** A new person, signed in. */
    async person(email = `visitor-${people++}@example.com`) {
      const { body } = await call('POST', '/v1/auth/register', {
        body: { email, password: PASSWORD, displayName: 'Robin' },
      });
      return {
        email,
        id: body.user.id as string,
        accessToken: body.accessToken as string,
        refreshToken: body.refreshToken as string,
      };
    },
    async stop() {
      await owner.end();
      await server.stop();
    },
  };
}

/** What looks for new events every second, whatever is asked. */
const isTailing = (query: unknown) =>
  String((query as { text?: string }).text ?? query).includes('from "events" where "sequence" >');

function countStatements(pool: pg.Pool): { count: number } {
  const statements = { count: 0 };
  const seen = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (seen.has(client)) return;
    seen.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      if (!isTailing(args[0])) statements.count += 1;
      return query(...args);
    }) as typeof client.query;
  });
  return statements;
}

export type IdentityServer = Awaited<ReturnType<typeof startIdentityServer>>;
