import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Sojourn } from '@sojourn/sdk';
import pg from 'pg';
import { uuidOf } from '../packages/api/src/platform/id.ts';
import { round } from './batch.ts';
import { type ServerProcess, startBare } from './lab.ts';

const OTHERS = 19;
const BURST_EVENTS = 1_000;
const STEADY_EVENTS_PER_SECOND = 40;
const STEADY_SECONDS = 5;
const BARE_POSTS = 20_000;
const BARE_AT_ONCE = 64;

/**
 * P10: deliveries a second from the commit of their events to their recorded ends, relay and fan-out included, beside
 * bare POSTs of the same body to the same receiver; and what becomes of 19 endpoints when the twentieth is dead. Everything
 * is on this machine: server, worker, database and receivers.
 */
export async function benchWebhooks(server: ServerProcess, databaseUrl: string) {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const bare = await Promise.all(
    ['receiver', 'receiver', 'silence'].map((kind) => startBare(kind, databaseUrl)),
  );
  const [receiver, another, dead] = bare.map(({ url }) => url) as [string, string, string];
  const sojourn = new Sojourn({ baseUrl: server.url, apiKey: server.credentials.host.apiKey });
  try {
    const types = ['listing.updated'];
    for (let i = 0; i < OTHERS; i++)
      await sojourn.webhookEndpoints.create({ url: `${receiver}/${i}`, types });
    const { id: last } = await sojourn.webhookEndpoints.create({ url: another, types });
    const world: World = {
      owner,
      receiver,
      last: uuidOf('whk', last)!,
      userId: await ownerOf(owner, server),
    };
    const runs = { well: [] as Run[], dead: [] as Run[] };
    await burst(world);
    for (const state of ['well', 'dead', 'dead', 'well', 'well', 'dead'] as const) {
      await sojourn.webhookEndpoints.update(last, { url: state === 'dead' ? dead : another });
      await forget(world);
      runs[state].push({ deliveriesPerSecond: await burst(world), ...(await steady(world)) });
    }
    await sojourn.webhookEndpoints.update(last, { enabled: false });
    const bareRate = await barePosts(receiver);
    const [well, beside] = [medians(runs.well), medians(runs.dead)];
    return {
      'ours, all well': { ...well, ratioToBare: round(well.deliveriesPerSecond / bareRate) },
      'ours, one dead': {
        ...beside,
        ratioToBare: round(beside.deliveriesPerSecond / bareRate),
        rateToWell: round(beside.deliveriesPerSecond / well.deliveriesPerSecond),
        delayToWell: round(beside.p50Ms / well.p50Ms),
      },
      'http.Agent, nothing kept': { deliveriesPerSecond: Math.round(bareRate) },
    };
  } finally {
    await Promise.all([owner.end(), sojourn.close(), ...bare.map((one) => one.stop())]);
  }
}

interface World {
  owner: pg.Client;
  userId: string;
  /** Where all endpoints but the last are. */
  receiver: string;
  /** The endpoint that is well or dead. */
  last: string;
}

/** What waits for the last endpoint, and how it fared, so that each round begins alike. */
async function forget({ owner, last }: World): Promise<void> {
  // An attempt that hangs is over after 15 seconds.
  for (let held = true; held; await wait(100)) {
    const { rows } = await owner.query(
      'select claim is not null as held from webhook_endpoints where id = $1',
      [last],
    );
    held = rows[0].held;
    if (!held)
      await owner.query("delete from webhook_deliveries where endpoint_id = $1 and state = 'pending'", [
        last,
      ]);
  }
  await owner.query(
    'update webhook_endpoints set consecutive_failures = 0, failing_since = null, rest_until = null where id = $1',
    [last],
  );
}

interface Run {
  deliveriesPerSecond: number;
  /** From the commit of an event to its arrival at one of the others. */
  p50Ms: number;
  p99Ms: number;
}

const medians = (runs: readonly Run[]): Run => {
  const median = (name: keyof Run) => runs.map((run) => run[name]).sort((a, b) => a - b)[runs.length >> 1]!;
  return {
    deliveriesPerSecond: median('deliveriesPerSecond'),
    p50Ms: median('p50Ms'),
    p99Ms: median('p99Ms'),
  };
};

async function ownerOf(owner: pg.Client, server: ServerProcess): Promise<string> {
  const { rows } = await owner.query('select id from users where email = $1', [
    server.credentials.host.email,
  ]);
  return rows[0].id;
}

/** Events of a hundred listings, as `emit` writes them. */
async function writeEvents(owner: pg.Client, userId: string, count: number): Promise<void> {
  await owner.query(
    `insert into outbox (id, type, subject_type, subject_id, audience, data, previous, occurred_at)
     select gen_random_uuid(), 'listing.updated', 'listing', md5((n % 100)::text)::uuid, array[$1::uuid],
       '{"title": "Sunny loft by the park", "status": "published", "externalId": "loft-1", "version": 4, "changed": {"title": "Sunny loft by the park"}}',
       '{"changed": {"title": "Loft"}}', clock_timestamp()
     from generate_series(1, $2) n`,
    [userId, count],
  );
}

/** Deliveries a second of many events at once, until the last is recorded. */
async function burst(world: World): Promise<number> {
  const { owner, userId, receiver } = world;
  const expected = BURST_EVENTS * OTHERS;
  await arrivals(receiver);
  const since = new Date();
  const started = performance.now();
  await writeEvents(owner, userId, BURST_EVENTS);
  let done = 0;
  while (done < expected) {
    await wait(20);
    done = await recordedSince(world, since);
    if (performance.now() - started > 120_000) throw new Error(`Only ${done} of ${expected} were delivered.`);
  }
  const rate = expected / ((performance.now() - started) / 1_000);
  const { count } = await arrivals(receiver);
  if (count !== expected) throw new Error(`${count} deliveries came, not ${expected}.`);
  return Math.round(rate);
}

/** By an index, so that asking costs the same in every round. */
async function recordedSince({ owner, last }: World, since: Date): Promise<number> {
  const { rows } = await owner.query(
    "select count(*)::int as count from webhook_deliveries where ended_at >= $1 and state = 'delivered' and endpoint_id <> $2",
    [since, last],
  );
  return rows[0].count;
}

/** How long events take to arrive when they come one by one. */
async function steady({ owner, userId, receiver }: World) {
  await arrivals(receiver);
  for (let i = 0; i < STEADY_EVENTS_PER_SECOND * STEADY_SECONDS; i++) {
    await writeEvents(owner, userId, 1);
    await wait(1_000 / STEADY_EVENTS_PER_SECOND);
  }
  await wait(2_000);
  const { p50Ms, p99Ms } = await arrivals(receiver);
  return { p50Ms, p99Ms };
}

interface Arrivals {
  count: number;
  p50Ms: number;
  p99Ms: number;
}

/** What the receiver got since it was last asked. */
const arrivals = async (receiverUrl: string): Promise<Arrivals> =>
  (await fetch(receiverUrl)).json() as Promise<Arrivals>;

/** POSTs a second over kept connections, nothing signed and nothing kept. */
async function barePosts(receiverUrl: string): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: BARE_AT_ONCE });
  const body = JSON.stringify({
    id: 'evt_01j9z6t8v2e4m8q0r5s7x3y1ka',
    type: 'listing.updated',
    occurredAt: new Date().toISOString(),
    data: { title: 'Sunny loft by the park', filler: 'x'.repeat(400) },
  });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const post = () =>
    new Promise<void>((resolve, reject) => {
      const request = http.request(receiverUrl, { method: 'POST', agent, headers }, (answer) =>
        answer.resume().on('end', resolve),
      );
      request.on('error', reject).end(body);
    });
  let left = BARE_POSTS;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: BARE_AT_ONCE }, async () => {
      while (left-- > 0) await post();
    }),
  );
  agent.destroy();
  return BARE_POSTS / ((performance.now() - started) / 1_000);
}
