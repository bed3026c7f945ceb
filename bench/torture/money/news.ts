import { createHmac } from 'node:crypto';
import pg from 'pg';
import type { ServerProcess } from '../../lab.ts';
import { count } from '../exhaustion.ts';
import { asking, book, day, newHome, quote } from '../stays/world.ts';
import { type Bank, controlling, faultsAtRest, listAtStripe } from './bank.ts';

const TIMES = 5;
const AT_ONCE = 16;
const FORGED = 0.1;
const STALE = 0.1;
const STALE_SECONDS = 301;
const NIGHTS_OF_A_HOME = 300;
const REST_MS = 120_000;

type Delivery = 'true' | 'forged' | 'stale';

/**
 * R10: guests pay, prove who they are and complain, of which we hear only by what Stripe tells: each event five times,
 * in any order, among them forged ones and old ones. Each has its effect once, and what is not right is answered 400.
 */
export async function news(server: ServerProcess, bank: Omit<Bank, 'admin'>, bookings: number) {
  const { stripe, databaseUrl } = bank;
  const host = asking(server, server.credentials.host.apiKey);
  const guest = asking(server, server.credentials.admin.apiKey);
  const control = controlling(stripe);
  const before = new Set((await listAtStripe(stripe, 'events')).map(({ id }) => id));
  await control('webhooks', { paused: 'true' });
  const ids: string[] = [];
  const home = { id: '' };
  for (let made = 0; made < bookings; made += 1) {
    if (made % NIGHTS_OF_A_HOME === 0) home.id = await newHome(host);
    const night = made % NIGHTS_OF_A_HOME;
    const { body } = await quote(guest, home.id, day(night), day(night + 1));
    const { id } = (await book(guest, body.id)).body;
    ids.push(id);
    const paymentMethod = made % 5 === 0 ? 'pm_card_createDispute' : 'pm_card_authenticationRequired';
    await guest('POST', `/v1/bookings/${id}/payment/confirm`, { paymentMethod });
  }
  for (const { id, status } of await listAtStripe<{ id: string; status: string }>(stripe, 'payment_intents'))
    if (status === 'requires_action')
      await control(`payment_intents/${id}/authenticate`, { succeed: 'true' });

  const told = (await listAtStripe(stripe, 'events')).filter(({ id }) => !before.has(id));
  const deliveries = told.flatMap((event) =>
    Array.from({ length: TIMES }, () => ({ event, how: chosen(), place: Math.random() })),
  );
  deliveries.push(...told.map((event) => ({ event, how: 'true' as const, place: Math.random() })));
  deliveries.sort((a, b) => a.place - b.place);
  const answers: string[] = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = deliveries.pop(); next; next = deliveries.pop())
        answers.push(`${next.how} ${await deliver(server, next.event, next.how, secretOf(bank))}`);
    }),
  );
  const faults = await faultsAtRest({ ...bank, admin: guest }, REST_MS);
  await control('webhooks', { paused: 'false' });
  const effects = await effectsOf(databaseUrl);
  const statuses: string[] = [];
  for (const id of ids) statuses.push((await guest('GET', `/v1/bookings/${id}`)).body.status);
  const expected = ['true 200', 'forged 400', 'stale 400'];
  return {
    events: told.length,
    answers: count(answers),
    statuses: count(statuses),
    ...effects,
    faultCount: faults.length,
    faults: faults.slice(0, 20),
    holds:
      faults.length === 0 &&
      effects.doubled === 0 &&
      statuses.every((status) => status === 'confirmed') &&
      answers.every((answer) => expected.includes(answer)),
  };
}

function chosen(): Delivery {
  const chance = Math.random();
  if (chance < FORGED) return 'forged';
  return chance < FORGED + STALE ? 'stale' : 'true';
}

const secretOf = ({ stripe }: Pick<Bank, 'stripe'>) => stripe.settings.STRIPE_WEBHOOK_SECRET!;

async function deliver(server: ServerProcess, event: object, how: Delivery, secret: string): Promise<number> {
  const payload = JSON.stringify(event);
  const at = Math.floor(Date.now() / 1_000) - (how === 'stale' ? STALE_SECONDS : 0);
  const key = how === 'forged' ? `${secret}, guessed` : secret;
  const signature = createHmac('sha256', key).update(`${at}.${payload}`).digest('hex');
  const answer = await fetch(`${server.url}/v1/stripe/webhook`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Stripe-Signature': `t=${at},v1=${signature}` },
    body: payload,
  });
  await answer.text();
  return answer.status;
}

/** What was kept of what was told, and what of it was told on more than once. */
async function effectsOf(databaseUrl: string): Promise<{ kept: number; doubled: number }> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const { rows } = await owner.query<{ kept: number; doubled: number }>(`select
    (select count(*)::int from stripe_events) as kept,
    (select count(*)::int from (select from events
      where type in ('payment.captured', 'payment.authorised', 'payment.disputed', 'booking.confirmed')
      group by type, subject_id having count(*) > 1) as twice) as doubled`);
  await owner.end();
  return rows[0]!;
}
