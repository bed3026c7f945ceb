import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emulatedStripe } from '../src/platform/stripe/client.ts';
import { type Caller, callerOf } from './caller.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { secretsIn } from './secrets.ts';
import { until } from './until.ts';

// A whole server as a process, at its most talkative, through everything that has to do with secrets: what it wrote to
// its outputs is looked through, whoever wrote it, libraries included.

const PASSWORD = 'a marvellous secret 1742';
const WRONG_PASSWORD = 'not the marvellous one';
const CARD = '4242424242424242';

let database: TestDatabase;
let dataDir: string;
let server: ChildProcess;
let url: string;
let output = '';
/** Everything secret that was met on the way. */
const secrets: string[] = [PASSWORD, WRONG_PASSWORD, CARD];

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'sojourn-logs-'));
  server = spawn(process.execPath, [path.join(import.meta.dirname, '../src/bin/server.ts')], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      SOJOURN_DATA_DIR: dataDir,
      PORT: '0',
      SEED_DEMO: 'true',
      LOG_LEVEL: 'trace',
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [server.stdout!, server.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  await until('the server is ready', () => /is ready at (http\S+)/.test(output), 60_000);
  url = /is ready at (http\S+)/.exec(output)![1]!;
}, 90_000);
afterAll(async () => {
  server.kill('SIGKILL');
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Keeps what an answer holds that must not be logged. */
function keep<T extends Record<string, unknown>>(body: T): T {
  for (const name of ['accessToken', 'refreshToken', 'key', 'secret', 'clientSecret', 'apiKey'])
    if (typeof body[name] === 'string') secrets.push(body[name]);
  return body;
}

async function signUp(open: Caller): Promise<Caller> {
  const person = { email: 'ada@example.com', password: PASSWORD };
  const registered = await open('POST', '/v1/auth/register', { body: { ...person, displayName: 'Ada' } });
  expect(registered.status).toBe(201);
  keep(registered.body);
  const wrong = await open('POST', '/v1/auth/login', { body: { ...person, password: WRONG_PASSWORD } });
  expect(wrong.status).toBe(401);
  const { body: session } = await open('POST', '/v1/auth/login', { body: person });
  const refreshed = await open('POST', '/v1/auth/refresh', {
    body: { refreshToken: keep(session).refreshToken },
  });
  keep(refreshed.body);
  expect((await open('POST', '/v1/auth/forgot-password', { body: { email: person.email } })).status).toBe(
    202,
  );
  const scopes = ['bookings:read', 'bookings:write', 'webhooks:read', 'webhooks:write', 'profile:read'];
  const { status, body } = await callerOf({ url }, refreshed.body.accessToken)('POST', '/v1/api-keys', {
    body: { name: 'logs', scopes },
  });
  expect(status).toBe(201);
  return callerOf({ url }, keep(body).key);
}

/** Books, is declined, pays, and cancels a stay. */
async function stay(guest: Caller, listingId: string, checkIn: string, checkOut: string): Promise<void> {
  const { body: quote } = await guest('POST', '/v1/quotes', {
    body: { listingId, checkIn, checkOut, guests: 1 },
  });
  const booked = await guest('POST', '/v1/bookings', { body: { quoteId: quote.id } });
  expect(booked.status, booked.text).toBe(201);
  const payment = `/v1/bookings/${booked.body.id}/payment`;
  keep((await guest('GET', payment)).body);
  const pay = (paymentMethod: string) => guest('POST', `${payment}/confirm`, { body: { paymentMethod } });
  expect((await pay('pm_card_visa_chargeDeclined')).body.code).toBe('payment_declined');
  expect((await pay('pm_no_such')).status).toBeGreaterThanOrEqual(400);
  expect((await pay(CARD)).status).toBeGreaterThanOrEqual(400);
  const paid = await pay('pm_card_visa');
  expect([paid.status, paid.body.status], paid.text).toEqual([200, 'confirmed']);
  const cancelled = await guest('POST', `/v1/bookings/${booked.body.id}/cancel`, {
    body: { reason: 'Ill.' },
  });
  expect(cancelled.status, cancelled.text).toBe(200);
}

/** What a server may be sent that it refuses: secrets where they do not belong, and what breaks. */
async function errors(open: Caller, guest: Caller, host: string): Promise<void> {
  const forged = { id: 'evt_1', type: 'charge.succeeded', data: { object: { id: 'ch_1', number: CARD } } };
  await open('POST', '/v1/stripe/webhook', { body: forged, headers: { 'Stripe-Signature': 't=1,v1=00' } });
  await guest('POST', '/v1/bookings', { body: { quoteId: CARD, card: { number: CARD } } });
  await guest('POST', '/v1/bookings', { body: `{"number": "${CARD}", ` });
  await open('GET', `/v1/me?key=${host}`);
  await callerOf({ url }, `${host}x`)('GET', '/v1/me');
  await callerOf({ url }, `sjn_test_${'0'.repeat(40)}`)('GET', '/v1/me');
  await open('POST', '/v1/auth/reset-password', { body: { token: 'f'.repeat(64), password: PASSWORD } });
}

test('a server says no secret, whatever it goes through', async () => {
  const kept = JSON.parse(await readFile(path.join(dataDir, 'credentials.json'), 'utf8'));
  for (const { password, apiKey } of [kept.admin, kept.host]) secrets.push(password, apiKey);
  const secret = (await readFile(path.join(dataDir, 'secret'), 'utf8')).trim();
  const { secretKey, webhookSecret } = emulatedStripe(secret, '');
  secrets.push(secret, secretKey, webhookSecret!);

  const open = callerOf({ url });
  const admin = callerOf({ url }, kept.admin.apiKey);
  const guest = await signUp(open);
  const endpoint = await guest('POST', '/v1/webhook-endpoints', {
    body: { url: 'http://127.0.0.1:9/hook?token=hush-hush-42', types: ['*'] },
  });
  expect(endpoint.status, endpoint.text).toBe(201);
  keep(endpoint.body);
  secrets.push('hush-hush-42');
  const { body: found } = await open('GET', '/v1/search?place=Lisbon&instantBook=true');
  const { now } = (await admin('GET', '/v1/admin/clock')).body;
  const day = (days: number) => new Date(Date.parse(now) + days * 86_400_000).toISOString().slice(0, 10);
  await stay(guest, found.data[0].id, day(40), day(45));
  await errors(open, guest, kept.host.apiKey);
  expect((await admin('POST', '/v1/admin/clock', { body: { advance: '3d' } })).status).toBe(200);

  let mails: { id: string }[] = [];
  await until('mail has come', async () => {
    mails = (await admin('GET', '/v1/admin/mails?limit=100')).body.data;
    return mails.length >= 2;
  });
  for (const { id } of mails) {
    const { text } = (await admin('GET', `/v1/admin/mails/${id}`)).body;
    for (const [, token] of text.matchAll(/token=([\w.~-]+)/g)) secrets.push(token);
  }
  server.kill('SIGTERM');
  await once(server, 'exit');

  // That it is the log of all this, and at its most talkative.
  for (const operation of [
    'register',
    'confirmBookingPayment',
    'receiveStripeEvent',
    'cancelBooking',
    'getMail',
  ])
    expect(output).toContain(`"operationId":"${operation}"`);
  expect(secrets.length).toBeGreaterThan(18);
  expect(secretsIn(output, secrets)).toEqual([]);
}, 90_000);
