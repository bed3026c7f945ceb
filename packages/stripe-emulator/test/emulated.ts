import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { type EmulatorOptions, startEmulator } from '../src/emulator.ts';

export const KEY = 'sk_test_of_these_tests';
export const SIGNING = 'whsec_of_these_tests';
const START = Date.UTC(2026, 0, 1) / 1000;

export const clientOf = (port: number, key = KEY): Stripe =>
  new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 });

/** An emulator with Stripe's own client, a clock that tests move, and somebody who listens to its events. */
export async function openEmulated(options: Partial<EmulatorOptions> = {}) {
  let now = START;
  const receiver = await openReceiver();
  const emulator = await startEmulator({
    secretKey: KEY,
    webhook: { url: receiver.url, secret: SIGNING },
    clock: { now: () => new Date(now * 1000) },
    ...options,
  }).catch(async (error: unknown) => {
    await receiver.close();
    throw error;
  });
  const stripe = clientOf(emulator.port);
  const control = async (path: string, body: object = {}, method = 'POST') => {
    const response = await fetch(`${emulator.url}/_emulator/${path}`, {
      method,
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  };
  return {
    emulator,
    stripe,
    control,
    receiver,
    now: () => now,
    pass(seconds: number) {
      now += seconds;
    },
    /** The types of the events since the last call, when all have arrived. */
    async heard(): Promise<string[]> {
      await control('webhooks/flush');
      return receiver.events.splice(0).map(({ type }) => type);
    },
    /** A connected account that can be paid. */
    async openAccount() {
      const account = await stripe.accounts.create({
        type: 'express',
        capabilities: { transfers: { requested: true } },
      });
      await control(`accounts/${account.id}/complete`);
      return account.id;
    },
    async close() {
      await emulator.close();
      await receiver.close();
    },
  };
}

export type Emulated = Awaited<ReturnType<typeof openEmulated>>;

/** Charges a card of tests at once. */
export const pay = (stripe: Stripe, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    allowed_payment_method_types: ['card'],
    confirm: true,
    ...more,
  });

/** What a call was refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

/** Takes events as an application would: by their signature. */
export async function openReceiver() {
  let secret = SIGNING;
  const events: Stripe.Event[] = [];
  const verifier = new Stripe(KEY);
  let refusing = 0;
  const server: Server = createServer((req, res) => {
    let body = '';
    req.on('data', (part) => {
      body += part;
    });
    req.on('end', () => {
      if (refusing > 0) {
        refusing -= 1;
        res.writeHead(500).end();
        return;
      }
      try {
        events.push(verifier.webhooks.constructEvent(body, req.headers['stripe-signature'] ?? '', secret));
        res.end('{}');
      } catch {
        res.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    events,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    trust(other: string) {
      secret = other;
    },
    refuseNext(count: number) {
      refusing = count;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
