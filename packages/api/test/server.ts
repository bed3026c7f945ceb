import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RunningEmulator, startEmulator } from '@sojourn/stripe-emulator/emulator';
import { inject } from 'vitest';
import { createApp } from '../src/app.ts';
import { ensureApiKey } from '../src/identity/service/ensure-api-key.ts';
import { ensureUser } from '../src/identity/service/ensure-user.ts';
import { type Role, SCOPES, type Scope } from '../src/platform/actor.ts';
import { type Clock, movableClock } from '../src/platform/clock.ts';
import { readConfig } from '../src/platform/config.ts';
import { contextOfProcess, type Resources } from '../src/platform/context.ts';
import { serve } from '../src/platform/http/server.ts';
import { type Log, openLog } from '../src/platform/log.ts';
import { openResources } from '../src/resources.ts';
import { createTestDatabase } from './database.ts';

export interface TestAccount {
  email: string;
  password: string;
  /** Has every scope that the account may have. */
  apiKey: string;
}

export interface TestServer {
  url: string;
  /** In the shape of the sandbox's `credentials.json`. */
  credentials: { url: string; admin: TestAccount; host: TestAccount };
  /** Connects as the owner of the server's database. */
  databaseUrl: string;
  resources: Resources;
  /** Moves the money of this server. */
  emulator: RunningEmulator;
  /** Answers whose problem their contract does not list, as "operationId: code". */
  breaches: string[];
  stop(): Promise<void>;
}

export const SECRET_KEY = 'sk_test_of_the_tests';
export const WEBHOOK_SECRET = 'whsec_of_the_tests';

/** Over the settings of `startTestServer`: a live one. Nothing in tests moves real money, so that its key is never used. */
export const LIVE = {
  SOJOURN_MODE: 'live',
  SOJOURN_SECRET: 'a secret of at least thirty-two characters',
  SMTP_URL: 'smtp://localhost:1',
  STRIPE_SECRET_KEY: 'sk_live_of_the_tests',
  STRIPE_API_BASE: '',
};

/**
 * The whole server, on a free port and a database of its own, without the demo.
 *
 * @param settings over the defaults of the sandbox, by their names in the environment
 */
export async function startTestServer(
  settings: Record<string, string> = {},
  overrides: { clock?: Clock; log?: Log } = {},
): Promise<TestServer> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sojourn-server-'));
  const clock = overrides.clock ?? movableClock();
  const log = overrides.log ?? openLog('debug', logFile());
  const emulator = await startEmulator({ secretKey: SECRET_KEY, clock });
  const config = readConfig({
    STRIPE_SECRET_KEY: SECRET_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: emulator.url,
    DATABASE_URL: database.url,
    SOJOURN_DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    PORT: '0',
    ...settings,
  });
  const resources = await openResources(config, { clock, log });
  const breaches: string[] = [];
  const app = createApp(resources, {
    onBreach: (operationId, code) => breaches.push(`${operationId}: ${code}`),
  });
  const server = await serve(app, config);
  const url = `http://127.0.0.1:${server.port}`;
  emulator.sendEventsTo(`${url}/v1/stripe/webhook`, WEBHOOK_SECRET);
  const [admin, host] = await Promise.all([openAccount(resources, 'admin'), openAccount(resources, 'user')]);
  resources.lifecycle.ready = true;
  return {
    url,
    credentials: { url, admin, host },
    databaseUrl: database.url,
    resources,
    breaches,
    emulator,
    async stop() {
      await server.close();
      await emulator.close();
      await resources.close();
      await new Promise((resolve) => log.flush(resolve));
      await database.drop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Every line of every server of a run is kept until its end: `global-setup.ts` looks through them for secrets. */
const logFile = () => path.join(inject('logFolder'), `${randomUUID()}.log`);

async function openAccount(resources: Resources, role: Role): Promise<TestAccount> {
  const ctx = contextOfProcess(resources, null);
  const name = role === 'admin' ? 'admin' : 'host';
  const email = `${name}@example.test`;
  const password = `a long passphrase of the ${name}`;
  const scopes: Scope[] = SCOPES.filter((scope) => role === 'admin' || scope !== 'admin');
  const { account } = await ensureUser(ctx, { email, password, displayName: `Test ${name}`, role });
  const apiKey = await ensureApiKey(ctx, { userId: account.id, name: 'tests', scopes, kept: undefined });
  return { email, password, apiKey };
}
