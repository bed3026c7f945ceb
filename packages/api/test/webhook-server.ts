import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { listingCreated } from '../src/listings/events.ts';
import { contextOfProcess, transaction } from '../src/platform/context.ts';
import { emitAll } from '../src/platform/events/emit.ts';
import { uuidOf } from '../src/platform/id.ts';
import { type RunningWorker, startWorker } from '../src/worker.ts';
import { type Caller, callerOf, newPerson } from './caller.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { startTestServer } from './server.ts';

export const ENDPOINTS = '/v1/webhook-endpoints';

export interface TestEndpoint {
  id: string;
  secret: string;
  /** `/v1/webhook-endpoints/whk_…` */
  path: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came.
export type Json = any;

/** The server with what tests of deliveries look at: a clock that they move, and workers that they start. */
export async function startWebhookServer(settings: Record<string, string> = {}) {
  const clock = { aheadMs: 0, now: () => new Date(Date.now() + clock.aheadMs) };
  const server = await startTestServer(settings, { clock });
  const receivers: Receiver[] = [];
  const workers: RunningWorker[] = [];
  return {
    ...server,
    clock,
    ctx: contextOfProcess(server.resources, null),
    startWorker() {
      const worker = startWorker(server.resources);
      workers.push(worker);
      return worker;
    },
    async receiver(...args: Parameters<typeof startReceiver>) {
      const receiver = await startReceiver(...args);
      receivers.push(receiver);
      return receiver;
    },
    /** A new person with an API key, which outlives any move of the clock. */
    async person() {
      const { id, call } = await newPerson(server);
      const scopes = ['listings:write', 'webhooks:read', 'webhooks:write'];
      const { body } = await call('POST', '/v1/api-keys', { body: { name: 'tests', scopes } });
      return { userId: uuidOf('usr', id)!, call: callerOf(server, body.key) };
    },
    async stop() {
      for (const worker of workers) await worker.close();
      for (const receiver of receivers) await receiver.close();
      await server.stop();
    },
  };
}

export type WebhookServer = Awaited<ReturnType<typeof startWebhookServer>>;

export async function createEndpoint(caller: Caller, body: Record<string, unknown>): Promise<TestEndpoint> {
  const answer = await caller('POST', ENDPOINTS, { body: { types: ['listing.*'], ...body } });
  if (answer.status !== 201) throw new Error(answer.text);
  return { id: answer.body.id, secret: answer.body.secret, path: `${ENDPOINTS}/${answer.body.id}` };
}

let listings = 0;
/** Lets something happen: a new listing, whose title the event has. */
export async function makeNews(caller: Caller, title = `Room ${listings++}`): Promise<string> {
  const answer = await caller('POST', '/v1/listings', { body: { title, roomType: 'privateRoom' } });
  if (answer.status !== 201) throw new Error(answer.text);
  return title;
}

/** So much happens at once, in one transaction: titles of new listings, as their events have them. */
export async function makeMuchNews({ ctx }: WebhookServer, userId: string, count: number): Promise<string[]> {
  const titles = Array.from({ length: count }, () => `Room ${listings++}`);
  const news = titles.map((title) => ({
    subjectId: randomUUID(),
    audience: [userId],
    data: { externalId: '', title, status: 'draft' as const, version: 1 },
  }));
  await transaction(ctx, (tx) => emitAll(ctx, tx, listingCreated, news));
  return titles;
}

export const titlesOf = (received: readonly { event: { data: Record<string, unknown> } }[]) =>
  received.map(({ event }) => event.data.title);

export const deliveriesOf = async (caller: Caller, { path }: TestEndpoint, query = ''): Promise<Json[]> =>
  (await caller('GET', `${path}/deliveries${query}`)).body.data;

/** Looks until it is so. */
export async function until<T>(
  look: () => Promise<T>,
  isSo: (seen: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  for (const end = performance.now() + withinMs; ; await wait(25)) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (performance.now() > end)
      throw new Error(`It did not come to be so: ${JSON.stringify(seen)?.slice(0, 1_000)}`);
  }
}
