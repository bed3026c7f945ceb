import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  FROM_SOURCE,
  openLab,
  type ServerProcess,
  type StripeProcess,
  startServer,
  startStripe,
} from '../../lab.ts';
import { histories } from './histories.ts';
import { mix } from './mix.ts';
import { race } from './race.ts';

// Short versions of what `npm run torture` does in full, with real processes.

let lab: Awaited<ReturnType<typeof openLab>>;
const servers: ServerProcess[] = [];
const stripes: StripeProcess[] = [];
let databaseUrl: string;
async function stripeFor(serverPort: number): Promise<StripeProcess> {
  const stripe = await startStripe(lab.folder, serverPort);
  stripes.push(stripe);
  return stripe;
}
beforeAll(async () => {
  lab = await openLab();
  databaseUrl = await lab.createDatabase('stays');
  const stripe = await stripeFor(4_761);
  servers.push(await startServer(lab.folder, databaseUrl, 4_761, stripe.settings, FROM_SOURCE));
  const withoutWorker = { ...stripe.settings, WORKER: 'off' };
  servers.push(await startServer(lab.folder, databaseUrl, 4_762, withoutWorker, FROM_SOURCE));
}, 60_000);
afterAll(async () => {
  for (const server of servers) await server.stop('SIGKILL');
  for (const stripe of stripes) await stripe.stop();
  await lab.close();
});

test('of 40 guests through two servers one gets the nights, in every round', async () => {
  expect(await race(servers, databaseUrl, { clients: 40, rounds: 3 })).toMatchObject({
    roundsWithOneWinner: 3,
    holds: true,
  });
});

test('a mix of everything that changes a calendar leaves what was acknowledged, and no overlap', async () => {
  expect(await mix(servers, databaseUrl, { clients: 16, listings: 5, seconds: 4 })).toMatchObject({
    lost: 0,
    holds: true,
  });
});

test('every answer is explained by one order of all operations, although the server is killed', async () => {
  const url = await lab.createDatabase('histories');
  const { settings } = await stripeFor(4_763);
  const start = () => startServer(lab.folder, url, 4_763, settings, FROM_SOURCE);
  const result = await histories(start, url, { homes: 3, seconds: 8, kills: 2 });
  expect(result).toMatchObject({ unexplained: 0, lost: 0, acknowledgedLive: expect.any(Number) });
  expect(result.operations).toBeGreaterThan(100);
});
