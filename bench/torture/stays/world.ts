import { randomUUID } from 'node:crypto';
import { addDays } from '@sojourn/shared/nights';
import pg from 'pg';
import type { ServerProcess } from '../../lab.ts';

const HOME = {
  title: 'Loft',
  description: 'Two quiet rooms.',
  roomType: 'entirePlace',
  capacity: 4,
  location: { latitude: 38.72, longitude: -9.14, address: { city: 'Lisboa', country: 'PT' } },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 10_000, currency: 'EUR' },
  cancellationPolicy: 'flexible',
  instantBook: true,
};

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of many operations.
  body: any;
}
export type Ask = (method: string, path: string, body?: unknown) => Promise<Reply>;

export const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
export const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)]!;
/** The first day that the storms book: far enough that no deadline is near. */
export const FIRST_DAY = addDays(new Date().toISOString().slice(0, 10), 60);
export const day = (offset: number): string => addDays(FIRST_DAY, offset);

async function send(url: string, apiKey: string, key: string, [method, path, body]: Parameters<Ask>) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${apiKey}`,
      ...(method === 'POST' ? { 'Idempotency-Key': key } : {}),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** One answer of one server. */
export const asking =
  (server: Pick<ServerProcess, 'url'>, apiKey: string): Ask =>
  (...request) =>
    send(server.url, apiKey, randomUUID(), request);

/**
 * Asks until there is an answer, each time with the same idempotency key, of whichever server is there now. Answers of a
 * server that says "not now" are no answers.
 */
export const insisting =
  (server: () => Pick<ServerProcess, 'url'>, apiKey: string): Ask =>
  async (...request) => {
    const key = randomUUID();
    for (;;) {
      const reply = await send(server().url, apiKey, key, request).catch(() => undefined);
      const running = reply?.body?.code === 'idempotency_in_progress';
      if (reply && reply.status < 500 && !running) return reply;
      await wait(25);
    }
  };

/** A published home whose nights are all free. */
export async function newHome(host: Ask): Promise<string> {
  const { body, status } = await host('POST', '/v1/listings', HOME);
  if (status !== 201) throw new Error(JSON.stringify(body));
  const published = await host('POST', `/v1/listings/${body.id}/publish`);
  if (published.status !== 200) throw new Error(JSON.stringify(published.body));
  return body.id;
}

export const quote = (guest: Ask, listingId: string, checkIn: string, checkOut: string) =>
  guest('POST', '/v1/quotes', { listingId, checkIn, checkOut, guests: 2 });
export const book = (guest: Ask, quoteId: string) => guest('POST', '/v1/bookings', { quoteId });
export const pay = (guest: Ask, bookingId: string) =>
  guest('POST', `/v1/bookings/${bookingId}/payment/confirm`, { paymentMethod: 'pm_card_visa' });
export const cancel = (guest: Ask, bookingId: string) =>
  guest('POST', `/v1/bookings/${bookingId}/cancel`, { reason: 'a storm' });

/** What must never be so, each as the number of times that it is. */
export interface Faults {
  overlaps: number;
  staysWithoutNights: number;
  nightsWithoutStay: number;
  paidWrongly: number;
  searchDiffers: number;
  deadlocks: number;
}

export async function faultsOf(databaseUrl: string): Promise<Faults> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const { rows } = await owner.query<Faults>(`select
    (select count(*) from occupied_nights a join occupied_nights b
      on a.listing_id = b.listing_id and a.id < b.id and a.nights && b.nights)::int as "overlaps",
    (select count(*) from bookings b where status in ('held', 'requested', 'confirmed', 'checkedIn') and not exists (
      select from occupied_nights n where n.booking_id = b.id and n.nights = daterange(b.check_in, b.check_out)))::int
      as "staysWithoutNights",
    (select count(*) from occupied_nights n join bookings b on b.id = n.booking_id
      where b.status not in ('held', 'requested', 'confirmed', 'checkedIn', 'completed'))::int as "nightsWithoutStay",
    (select count(*) from bookings b where status = 'confirmed' and b.total <> (
      select coalesce(sum(captured - refunded), 0) from payments p where p.reference = b.id))::int as "paidWrongly",
    (select count(*) from listing_search_differences())::int as "searchDiffers",
    (select deadlocks from pg_stat_database where datname = current_database())::int as "deadlocks"`);
  await owner.end();
  return rows[0]!;
}

export const isFaultless = (faults: Faults): boolean => Object.values(faults).every((count) => count === 0);
