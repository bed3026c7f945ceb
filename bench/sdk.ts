import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Sojourn } from '@sojourn/sdk';
import { Pool } from 'undici';

interface Comparison {
  name: string;
  /** Microseconds a call through the SDK. */
  ours: number;
  /** Microseconds a call through bare undici: the same request, the answer parsed. */
  bare: number;
  /** Median over the rounds of `ours / bare`; the bar is 1.2. */
  ratio: number;
}

const ROUNDS = 15;
const CALLS = 400;
const CONCURRENCY = 32;
const KEY = 'sjn_test_benchmark';
const PATH = '/v1/listings/lst_1';

// The server has a thread of its own, so that its work does not hide what the client costs.
const SERVER = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const listing = { id: 'lst_1', title: 'Sunny loft by the park', description: 'x'.repeat(1000), amenities: ['wifi', 'kitchen'],
    location: { latitude: 40.758, longitude: -73.9855 }, basePrice: { amount: 12000, currency: 'USD' } };
  const body = Buffer.from(JSON.stringify(listing));
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, 'request-id': 'r', etag: '"1"' }).end(body);
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** What a call through the SDK costs beside bare undici, against the same server in one run. The worse of two ways to call counts. */
export async function benchSdk(): Promise<Comparison> {
  const server = new Worker(SERVER, { eval: true });
  const [port] = (await once(server, 'message')) as [number];
  const baseUrl = `http://127.0.0.1:${port}`;
  const sojourn = new Sojourn({ baseUrl, apiKey: KEY });
  const pool = new Pool(baseUrl, { connections: 64 });
  const headers = { accept: 'application/json', authorization: `Bearer ${KEY}`, 'user-agent': 'bare' };
  try {
    const ours = () => sojourn.request('GET', '/v1/listings/{listingId}', { path: { listingId: 'lst_1' } });
    const bare = async () => (await pool.request({ method: 'GET', path: PATH, headers })).body.json();
    const sequential = await compare('SDK call, one after the other', ours, bare, 1);
    const concurrent = await compare(`SDK call, ${CONCURRENCY} at a time`, ours, bare, CONCURRENCY);
    return sequential.ratio > concurrent.ratio ? sequential : concurrent;
  } finally {
    await Promise.all([sojourn.close(), pool.close(), server.terminate()]);
  }
}

async function compare(
  name: string,
  ours: () => Promise<unknown>,
  bare: () => Promise<unknown>,
  lanes: number,
): Promise<Comparison> {
  const times = { ours: [] as number[], bare: [] as number[] };
  // Rounds alternate, so that a slow moment of the machine meets both; the first warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const pair = { ours: await timeOf(ours, lanes), bare: await timeOf(bare, lanes) };
    if (round === 0) continue;
    times.ours.push(pair.ours);
    times.bare.push(pair.bare);
  }
  const [oursTime, bareTime] = [median(times.ours), median(times.bare)];
  const ratio = median(times.ours.map((time, round) => time / times.bare[round]!));
  return { name, ours: oursTime, bare: bareTime, ratio };
}

async function timeOf(call: () => Promise<unknown>, lanes: number): Promise<number> {
  const startedAt = performance.now();
  const lane = async () => {
    for (let n = 0; n < CALLS / lanes; n++) await call();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return ((performance.now() - startedAt) * 1_000) / CALLS;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
