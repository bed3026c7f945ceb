import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  FROM_SOURCE,
  openLab,
  type ServerProcess,
  type StripeProcess,
  startServer,
  startStripe,
  startWorker,
  WORKER_FROM_SOURCE,
} from '../../lab.ts';
import { asking, book, day, newHome, quote } from '../stays/world.ts';
import { listAtStripe } from './bank.ts';
import { money } from './money.ts';
import { news } from './news.ts';
import { unanswered } from './unanswered.ts';

// A short version of what `npm run torture -- money` does in full, with real processes.

const PORT = 4_771;
let lab: Awaited<ReturnType<typeof openLab>>;
let stripe: StripeProcess;
beforeAll(async () => {
  lab = await openLab();
  stripe = await startStripe(lab.folder, PORT);
}, 60_000);
afterAll(async () => {
  await stripe.stop();
  await lab.close();
});

const settingsOf = (stripe: StripeProcess) => ({ ...stripe.settings, FIRST_PAYOUT_HOLD_DAYS: '0' });

test('the books are right although the server and the worker are killed', async () => {
  const databaseUrl = await lab.createDatabase('money');
  const settings = settingsOf(stripe);
  const withoutWorker = { ...settings, WORKER: 'off' };
  const result = await money({
    databaseUrl,
    stripe,
    startServer: () => startServer(lab.folder, databaseUrl, PORT, withoutWorker, FROM_SOURCE),
    startWorker: () => startWorker(lab.folder, databaseUrl, settings, WORKER_FROM_SOURCE),
    homes: 6,
    clients: 6,
    seconds: 9,
    kills: 4,
  });
  expect(result).toMatchObject({ faults: [], faultCount: 0 });
  expect(result.moved.charge).toBeGreaterThan(10);
}, 180_000);

describe('of one server', () => {
  let other: StripeProcess;
  let server: ServerProcess;
  let databaseUrl: string;
  beforeAll(async () => {
    databaseUrl = await lab.createDatabase('unanswered');
    other = await startStripe(lab.folder, 4_772);
    server = await startServer(lab.folder, databaseUrl, 4_772, settingsOf(other), FROM_SOURCE);
  }, 60_000);
  afterAll(async () => {
    await server.stop('SIGKILL');
    await other.stop();
  });

  test('a guest is charged once although Stripe acts and its answers are lost', async () => {
    const result = await unanswered(server, { databaseUrl, stripe: other }, 100);
    expect(result).toMatchObject({ faults: [], doubled: 0, holds: true });
  }, 120_000);

  test('what Stripe tells has its effect once, however often and in whatever order it comes', async () => {
    const result = await news(server, { databaseUrl, stripe: other }, 30);
    expect(result).toMatchObject({ faults: [], doubled: 0, holds: true });
    expect(result.events).toBeGreaterThanOrEqual(100);
  }, 120_000);

  test('of fifty who pay for the same booking at once, one charges', async () => {
    const guest = asking(server, server.credentials.admin.apiKey);
    const home = await newHome(asking(server, server.credentials.host.apiKey));
    const { body: quoted } = await quote(guest, home, day(1), day(4));
    const { body: booked } = await book(guest, quoted.id);
    const path = `/v1/bookings/${booked.id}/payment/confirm`;
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => guest('POST', path, { paymentMethod: 'pm_card_visa' })),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const charges = await listAtStripe<{ id: string; metadata: { booking?: string } }>(other, 'charges');
    expect(charges.filter(({ metadata }) => metadata.booking === booked.id)).toHaveLength(1);
    expect((await guest('GET', `/v1/bookings/${booked.id}`)).body).toMatchObject({
      status: 'confirmed',
      payment: { captured: booked.total },
    });
  });
});
