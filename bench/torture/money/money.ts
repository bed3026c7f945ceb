import { addDays } from '@sojourn/shared/nights';
import type { ServerProcess, StripeProcess } from '../../lab.ts';
import { count } from '../exhaustion.ts';
import { type Ask, book, insisting, newHome, pick, quote, type Reply, wait } from '../stays/world.ts';
import { controlling, faultsAtRest, listAtStripe } from './bank.ts';

interface Stoppable {
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface Money {
  databaseUrl: string;
  stripe: StripeProcess;
  startServer(): Promise<ServerProcess>;
  startWorker(): Promise<Stoppable>;
  homes: number;
  clients: number;
  seconds: number;
  /** How often the server or the worker is killed, by turns. */
  kills: number;
}

const CARDS = [
  ...Array.from({ length: 8 }, () => 'pm_card_visa'),
  'pm_card_visa_chargeDeclined',
  'pm_card_authenticationRequired',
  'pm_card_createDispute',
  'pm_card_refundFail',
];
/** Stays begin within so many days, so that many take place and are paid out while the storm goes on. */
const HORIZON_DAYS = 30;
const CLOCK_EVERY_MS = 1_500;
const MOVES = ['7m', '1h', '5h', '1d', '1d', '2d'];
const REST_MS = 300_000;
const random = (below: number) => Math.floor(Math.random() * below);

/**
 * R5 with money: clients book, pay, cancel, alter and give back, banks dispute and hosts are paid, time moves, and the
 * server and the worker are killed by turns. When all has come to rest the books are right, here and at Stripe.
 */
export async function money(run: Money) {
  let server = await run.startServer();
  let worker = await run.startWorker();
  const current = () => server;
  const { credentials } = server;
  const world: World = {
    host: insisting(current, credentials.host.apiKey),
    guest: insisting(current, credentials.admin.apiKey),
    control: controlling(run.stripe),
    homes: [],
    bookings: [],
    answers: [],
    now: new Date(),
  };
  await preparePayouts(world, run.stripe);
  for (let home = 0; home < run.homes; home += 1) world.homes.push(await newHome(world.host));

  const until = performance.now() + run.seconds * 1_000;
  const isOn = () => performance.now() < until;
  const clients = Array.from({ length: run.clients }, async () => {
    while (isOn()) await act(world);
  });
  const time = moveTime(world, isOn);
  const readyMs: number[] = [];
  for (let kill = 0; kill < run.kills; kill += 1) {
    const next = performance.now() + (run.seconds * 1_000) / (run.kills + 1);
    if (kill % 2 === 0) {
      await server.stop('SIGKILL');
      const started = performance.now();
      server = await run.startServer();
      readyMs.push(Math.round(performance.now() - started));
    } else {
      await worker.stop('SIGKILL');
      worker = await run.startWorker();
    }
    await wait(Math.max(300, next - performance.now()));
  }
  await Promise.all([...clients, time]);
  const faults = await comeToRest(world, run);
  const moved = await movedAtStripe(run.stripe);
  await server.stop();
  await worker.stop();
  return {
    kills: run.kills,
    answers: count(world.answers),
    bookings: world.bookings.length,
    moved,
    slowestReadyMs: Math.max(0, ...readyMs),
    faultCount: faults.length,
    faults: faults.slice(0, 20),
    holds: faults.length === 0 && readyMs.every((milliseconds) => milliseconds <= 5_000),
  };
}

interface World {
  host: Ask;
  guest: Ask;
  control(path: string, body?: Record<string, string>): Promise<unknown>;
  homes: string[];
  bookings: string[];
  answers: string[];
  /** As the clock was when it was moved last. */
  now: Date;
}

async function preparePayouts({ host, control }: World, stripe: StripeProcess): Promise<void> {
  const { status, body } = await host('POST', '/v1/payout-account', { country: 'PT' });
  if (status !== 200) throw new Error(JSON.stringify(body));
  for (const { id } of await listAtStripe(stripe, 'accounts')) await control(`accounts/${id}/complete`);
}

async function act(world: World): Promise<void> {
  const { guest, host, bookings } = world;
  const note = (reply: Reply, what: string): Reply => {
    world.answers.push(
      `${what} ${reply.status < 300 ? reply.status : `${reply.status} ${reply.body?.code}`}`,
    );
    return reply;
  };
  const chance = Math.random();
  if (chance < 0.5 || bookings.length === 0) {
    const { checkIn, checkOut } = anyStay(world);
    const offered = await quote(guest, pick(world.homes), checkIn, checkOut);
    if (offered.status !== 201) return;
    const booked = note(await book(guest, offered.body.id), 'book');
    if (booked.status !== 201) return;
    bookings.push(booked.body.id);
    const paymentMethod = pick(CARDS);
    note(await guest('POST', `/v1/bookings/${booked.body.id}/payment/confirm`, { paymentMethod }), 'pay');
    return;
  }
  const id = pick(bookings.slice(-40));
  const on = (by: Ask, verb: string, body: object = {}) => by('POST', `/v1/bookings/${id}/${verb}`, body);
  if (chance < 0.62) note(await on(guest, 'cancel'), 'cancel');
  else if (chance < 0.66) note(await on(host, 'cancel', { reason: 'The roof leaks.' }), 'cancel by the host');
  else if (chance < 0.75) {
    const amount = { amount: 500 + random(5_000), currency: 'EUR' };
    note(await on(host, 'refunds', { amount, reason: 'The heating.', paidBy: 'host' }), 'refund');
  } else if (chance < 0.9) {
    const asked = await on(guest, 'alterations', anyStay(world));
    if (asked.status !== 201) return;
    const accepted = note(await on(host, `alterations/${asked.body.id}/accept`), 'alter');
    if (accepted.status !== 200) await on(guest, `alterations/${asked.body.id}/withdraw`);
  } else note(await on(guest, 'payment/confirm', { paymentMethod: 'pm_card_visa' }), 'pay again');
}

/** Time goes on. */
async function moveTime(world: World, isOn: () => boolean): Promise<void> {
  while (isOn()) {
    await wait(CLOCK_EVERY_MS);
    const moved = await world.guest('POST', '/v1/admin/clock', { advance: pick(MOVES) });
    if (moved.status === 200) world.now = new Date(moved.body.now);
  }
}

function anyStay({ now }: World): { checkIn: string; checkOut: string } {
  const checkIn = addDays(now.toISOString().slice(0, 10), 1 + random(HORIZON_DAYS));
  return { checkIn, checkOut: addDays(checkIn, 1 + random(6)) };
}

/** Banks decide what is disputed, and then nothing is wrong any more, nor is anything found by our own reconciliation. */
async function comeToRest({ guest, control }: World, { databaseUrl, stripe }: Money): Promise<string[]> {
  for (const { id } of await listAtStripe(stripe, 'disputes'))
    await control(`disputes/${id}/decide`, { won: String(Math.random() < 0.5) });
  const faults = await faultsAtRest({ admin: guest, databaseUrl, stripe }, REST_MS);
  return [...faults, ...(await reconcile(guest))];
}

/** What the marketplace's own reconciliation finds. */
async function reconcile(admin: Ask): Promise<string[]> {
  const started = await admin('POST', '/v1/admin/maintenance/reconcile', {});
  for (let tries = 0; tries < 200; tries += 1) {
    const { body } = await admin('GET', `/v1/admin/maintenance-runs/${started.body.id}`);
    if (body.status === 'failed') return [`The reconciliation failed: ${body.failure}`];
    if (body.status === 'succeeded')
      return body.result.differences.map(
        (difference: object) => `Reconciliation: ${JSON.stringify(difference)}`,
      );
    await wait(100);
  }
  return ['The reconciliation does not end.'];
}

async function movedAtStripe({ url, secretKey }: StripeProcess): Promise<Record<string, number>> {
  const answer = await fetch(`${url}/_emulator/state`, { headers: { Authorization: `Bearer ${secretKey}` } });
  const all = (await answer.json()) as Record<string, number>;
  const wanted = ['payment_intent', 'charge', 'refund', 'dispute', 'transfer', 'transfer_reversal'];
  return Object.fromEntries(Object.entries(all).filter(([kind]) => wanted.includes(kind)));
}
