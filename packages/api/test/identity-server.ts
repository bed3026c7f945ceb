import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import express from 'express';
import pg from 'pg';
import { pino } from 'pino';
import { authenticate } from '../src/identity/authenticate.ts';
import { identityRoutes } from '../src/identity/routes.ts';
import { readConfig } from '../src/platform/config.ts';
import type { Context } from '../src/platform/context.ts';
import { mount } from '../src/platform/http/mount.ts';
import { serve } from '../src/platform/http/server.ts';
import { openResources } from '../src/resources.ts';
import { createTestDatabase } from './database.ts';

export const PASSWORD = 'harbour-lantern-42';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came.
  body: any;
}

/**
 * The identity routes over a real database, with a clock that tests may move, a log that they may read (nothing is
 * redacted in it, so that what must not be logged is not even passed), and a count of the SQL that ran.
 */
export async function startIdentityServer(settings: Record<string, string> = {}) {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sojourn-identity-'));
  const config = readConfig({ DATABASE_URL: database.url, SOJOURN_DATA_DIR: dataDir, ...settings });
  const logged: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const clock = { aheadMs: 0, now: () => new Date(Date.now() + clock.aheadMs) };
  const resources = await openResources(config, { clock, log: pino({ level: 'trace' }, sink) });
  const statements = { count: 0 };
  resources.pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      statements.count += 1;
      return query(...args);
    }) as typeof client.query;
  });
  const breaches: string[] = [];
  const metrics = { observe: () => {}, text: async () => '', contentType: '' };
  const app = express();
  app.set('query parser', 'simple');
  mount(app, identityRoutes, {
    resources: { ...resources, metrics },
    authenticate,
    problemsUrl: '/problems',
    onBreach: (operationId, code) => breaches.push(`${operationId}: ${code}`),
  });
  const server = await serve(app, { ...config, port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  let people = 0;

  async function call(
    method: string,
    pathname: string,
    { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const answer = await fetch(`${url}${pathname}`, {
      method,
      headers: {
        'User-Agent': 'test/1',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
  }

  const ctx: Context = {
    ...resources,
    requestId: 'test',
    actor: null,
    address: '',
    signal: new AbortController().signal,
  };

  return {
    resources,
    url,
    /** For verbs that no route calls. */
    ctx,
    clock,
    logged,
    breaches,
    statements,
    call,
    /** As the owner of the database. */
    sql: async (text: string, values: unknown[] = []) => (await owner.query(text, values)).rows,
    /** A new person, signed in. */
    async person(email = `person-${people++}@example.com`) {
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
      await server.close();
      await owner.end();
      await resources.close();
      await database.drop();
      await rm(dataDir, { recursive: true });
    },
  };
}

export type IdentityServer = Awaited<ReturnType<typeof startIdentityServer>>;
