import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KEYS_LIVE_SECONDS } from './api.ts';
import { catchUp, type Emulation } from './execute.ts';
import { createFaults } from './faults.ts';
import { KINDS, type Kinds } from './kinds.ts';
import { accountRoutes } from './routes/accounts.ts';
import { balanceRoutes } from './routes/balance.ts';
import { chargeRoutes } from './routes/charges.ts';
import { checkoutSessionRoutes } from './routes/checkout-sessions.ts';
import { controlRoutes } from './routes/control.ts';
import { customerRoutes } from './routes/customers.ts';
import { disputeRoutes } from './routes/disputes.ts';
import { eventRoutes } from './routes/events.ts';
import { paymentIntentRoutes } from './routes/payment-intents.ts';
import { paymentMethodRoutes } from './routes/payment-methods.ts';
import { refundRoutes } from './routes/refunds.ts';
import { transferRoutes } from './routes/transfers.ts';
import { createHandler } from './server.ts';
import { openStore, type Store } from './store.ts';
import { startWebhooks, type Webhooks } from './webhooks.ts';

export interface EmulatorOptions {
  /** 127.0.0.1 unless told otherwise. */
  host?: string;
  /** Any that is free unless told otherwise. */
  port?: number;
  /** The only key that is accepted. */
  secretKey: string;
  /** Where events go, and what they are signed with; may be told later by `sendEventsTo`. */
  webhook?: { url: string; secret: string };
  /** The file in which the state is kept; without one it ends with the emulator. */
  journal?: string;
  /** When things happen. Signatures are always of real time. */
  clock?: { now(): Date };
  /** How many days the money of a charge is pending. */
  pendingDays?: number;
}

export interface RunningEmulator {
  url: string;
  port: number;
  sendEventsTo(url: string, secret: string): void;
  close(): Promise<void>;
}

const TICK_MS = 250;

export async function startEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const server = createServer();
  // The port comes first: whoever finds it taken must not touch the journal of the emulator that has it.
  const port = await listen(server, options);
  const store = await openOrStop(server, options.journal);
  const emulation: Emulation = {
    store,
    clock: options.clock ?? { now: () => new Date() },
    baseUrl: `http://${reachable(options.host)}:${port}`,
    pendingDays: options.pendingDays ?? 0,
    // With a journal somebody may listen later, and then wants to hear all.
    hasListener: options.webhook !== undefined || options.journal !== undefined,
  };
  forgetOldAnswers(emulation);
  const webhooks = startWebhooks(store);
  serve(server, emulation, options.secretKey, webhooks);
  const sendEventsTo = (url: string, secret: string): void => {
    emulation.hasListener = true;
    webhooks.sendTo(url, secret);
  };
  if (options.webhook) sendEventsTo(options.webhook.url, options.webhook.secret);
  const ticking = setInterval(() => {
    catchUp(emulation);
    webhooks.wake();
  }, TICK_MS).unref();
  return {
    url: emulation.baseUrl,
    port,
    sendEventsTo,
    async close() {
      clearInterval(ticking);
      await webhooks.stop();
      await stop(server);
      store.close();
    },
  };
}

async function openOrStop(server: Server, journal: string | undefined): Promise<Store<Kinds>> {
  try {
    return openStore<Kinds>(KINDS, journal);
  } catch (error) {
    await stop(server);
    throw error;
  }
}

function serve(server: Server, emulation: Emulation, secretKey: string, webhooks: Webhooks): void {
  const faults = createFaults();
  const routes = [...apiRoutes, ...controlRoutes(faults, webhooks)];
  const handle = createHandler({ emulation, secretKey, faults, webhooks, routes });
  // What is still being answered when the emulator closes is not answered.
  server.on('request', (req, res) => void handle(req, res).catch(() => res.destroy()));
}

/** Answers that are not given again any more. */
function forgetOldAnswers({ store, clock }: Emulation): void {
  const draft = store.draft();
  const oldest = clock.now().getTime() / 1_000 - KEYS_LIVE_SECONDS;
  const old = draft.all('stored_answer').filter(({ at }) => at <= oldest);
  for (const { id } of old) draft.remove('stored_answer', id);
  draft.commit();
}

const apiRoutes = [
  ...accountRoutes,
  ...balanceRoutes,
  ...chargeRoutes,
  ...checkoutSessionRoutes,
  ...customerRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...refundRoutes,
  ...transferRoutes,
];

const reachable = (host = '127.0.0.1'): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;

const listen = (server: Server, { host = '127.0.0.1', port = 0 }: EmulatorOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
