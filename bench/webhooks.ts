import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Sojourn } from '@sojourn/sdk';
import pg from 'pg';
import { round } from './batch.ts';
import { type ServerProcess, startBare } from './lab.ts';

const ENDPOINTS = 19;
const BURST_EVENTS = 1_000;
const STEADY_EVENTS_PER_SECOND = 40;
const STEADY_SECONDS = 5;
const ROUNDS = 3;
const BARE_POSTS = 20_000;
const BARE_AT_ONCE = 64;

/**
 * P10: deliveries a second from the commit of their events to their recorded ends, relay and fan-out included, beside
 * bare POSTs of the same body to the same receiver; and what one dead endpoint costs the others. Everything is on this
 * machine: server, worker, database and receiver.
 */
export async function benchWebhooks(server: ServerProcess, databaseUrl: string) {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const [receiver, dead] = [
    await startBare('receiver', databaseUrl),
    await startBare('silence', databaseUrl),
  ];
  const sojourn = new Sojourn({ baseUrl: server.url, apiKey: server.credentials.host.apiKey });
  try {
    const userId = await ownerOf(owner, server);
    const types = ['listing.updated'];
    for (let i = 0; i < ENDPOINTS; i++)
      await sojourn.webhookEndpoints.create({ url: `${receiver.url}/${i}`, types });
    const { id: deadId } = await sojourn.webhookEndpoints.create({
      url: dead.url,
      types,
      description: 'dead',
    });
    const runs = { alone: [] as Run[], besideADeadOne: [] as Run[] };
    await sojourn.webhookEndpoints.update(deadId, { enabled: false });
    await burst(owner, userId, receiver.url);
    for (let i = 0; i < ROUNDS; i++)
      for (const [name, enabled] of [
        ['alone', false],
        ['besideADeadOne', true],
      ] as const) {
        await sojourn.webhookEndpoints.update(deadId, { enabled });
        const deliveriesPerSecond = await burst(owner, userId, receiver.url);
        runs[name].push({ deliveriesPerSecond, ...(await steady(owner, userId, receiver.url)) });
      }
    const bare = await barePosts(receiver.url);
    const [alone, beside] = [medians(runs.alone), medians(runs.besideADeadOne)];
    return {
      'ours, alone': { ...alone, ratioToBare: round(alone.deliveriesPerSecond / bare) },
      'ours, beside a dead endpoint': {
        ...beside,
        ratioToBare: round(beside.deliveriesPerSecond / bare),
        ratioToAlone: round(beside.deliveriesPerSecond / alone.deliveriesPerSecond),
        delayToAlone: round(beside.p50Ms / alone.p50Ms),
      },
      'http.Agent, nothing kept': { deliveriesPerSecond: Math.round(bare) },
    };
  } finally {
    await Promise.all([owner.end(), receiver.stop(), dead.stop(), sojourn.close()]);
  }
}

interface Run {
  deliveriesPerSecond: number;
  /** From the commit of the event to its arrival. */
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
async function burst(owner: pg.Client, userId: string, receiverUrl: string): Promise<number> {
  const expected = BURST_EVENTS * ENDPOINTS;
  await arrivals(receiverUrl);
  const before = await recorded(owner);
  const started = performance.now();
  await writeEvents(owner, userId, BURST_EVENTS);
  let done = 0;
  while (done < expected) {
    await wait(20);
    done = (await recorded(owner)) - before;
    if (performance.now() - started > 120_000) throw new Error(`Only ${done} of ${expected} were delivered.`);
  }
  const rate = expected / ((performance.now() - started) / 1_000);
  const { count } = await arrivals(receiverUrl);
  if (count !== expected) throw new Error(`${count} deliveries came, not ${expected}.`);
  return Math.round(rate);
}

const recorded = async (owner: pg.Client): Promise<number> => {
  const { rows } = await owner.query(
    "select count(*)::int as count from webhook_deliveries where state = 'delivered'",
  );
  return rows[0].count;
};

/** How long events take to arrive when they come one by one. */
async function steady(owner: pg.Client, userId: string, receiverUrl: string) {
  await arrivals(receiverUrl);
  for (let i = 0; i < STEADY_EVENTS_PER_SECOND * STEADY_SECONDS; i++) {
    await writeEvents(owner, userId, 1);
    await wait(1_000 / STEADY_EVENTS_PER_SECOND);
  }
  await wait(2_000);
  const { p50Ms, p99Ms } = await arrivals(receiverUrl);
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
