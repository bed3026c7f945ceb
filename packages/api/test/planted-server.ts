import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { readConfig } from '../src/platform/config.ts';
import { type Authenticate, mount } from '../src/platform/http/mount.ts';
import type { Route } from '../src/platform/http/route.ts';
import { serve } from '../src/platform/http/server.ts';
import { openResources } from '../src/resources.ts';
import { createTestDatabase } from './database.ts';

/** Every credential is a user of that name; `Bearer nobody` is refused. */
const authenticateByName: Authenticate = async (_resources, credential) =>
  credential === 'nobody'
    ? undefined
    : {
        userId: credential,
        role: 'user',
        scopes: new Set(['listings:read']),
        sessionId: null,
        apiKeyId: null,
      };

/** A real server over a real database with routes of the test's own, to see the platform without any feature. */
export async function startPlantedServer(routes: readonly Route[], settings: Record<string, string> = {}) {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sojourn-planted-'));
  const config = readConfig({
    DATABASE_URL: database.url,
    SOJOURN_DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    ...settings,
  });
  const resources = await openResources(config);
  const breaches: string[] = [];
  const app = express();
  app.set('query parser', 'simple');
  mount(app, routes, {
    resources,
    accessLog: resources.log,
    authenticate: authenticateByName,
    problemsUrl: '/problems',
    onBreach: (operationId, code) => breaches.push(`${operationId}: ${code}`),
  });
  const server = await serve(app, { ...config, port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}`,
    databaseUrl: database.url,
    resources,
    breaches,
    async stop() {
      await server.close();
      await resources.close();
      await database.drop();
      await rm(dataDir, { recursive: true });
    },
  };
}
