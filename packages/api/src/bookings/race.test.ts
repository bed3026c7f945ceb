import { randomInt } from 'node:crypto';
import { addDays } from '@sojourn/shared/nights';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BookingServer, startBookingServer } from '../../test/booking-server.ts';
import { type Answer, type Caller, callerOf } from '../../test/caller.ts';
import { createApp } from '../app.ts';
import { serve } from '../platform/http/server.ts';
import { publicId, uuidOf } from '../platform/id.ts';
import { openResources } from '../resources.ts';

// Many who want the same nights at once, through two servers on one database.

const CLIENTS = 50;
const ROUNDS = 5;
const MIX_CLIENTS = 8;
const MIX_MS = 3_000;

let server: BookingServer;
let second: { url: string; close(): Promise<void> };
let guestKey: string;
beforeAll(async () => {
  server = await startBookingServer();
  const { config, clock } = server.resources;
  const resources = await openResources(config, { clock });
  const listening = await serve(createApp(resources), { ...config, port: 0 });
  resources.lifecycle.ready = true;
  second = {
    url: `http://127.0.0.1:${listening.port}`,
    async close() {
      await listening.close();
      await resources.close();
    },
  };
  guestKey = server.credentials.admin.apiKey;
});
afterAll(async () => {
  await second.close();
  await server.stop();
});

const throughBoth = (): [Caller, Caller] => [callerOf(server, guestKey), callerOf(second, guestKey)];

/** Quotes of one stay, as many guests have them in the moment before the first of them books. */
async function manyQuotes(call: Caller, listingId: string, stays: { checkIn: string; checkOut: string }[]) {
  const made = [];
  for (const stay of stays) made.push(server.quote(call, listingId, stay));
  return Promise.all(made);
}

async function deadlocks(): Promise<number> {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  const { rows } = await client.query(
    'select pg_stat_force_next_flush(), deadlocks::int from pg_stat_database where datname = current_database()',
  );
  await client.end();
  return rows[0].deadlocks;
}

async function assertNoOverlap(listingIds: readonly string[]) {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  const { rows } = await client.query(
    `select a.id from occupied_nights a join occupied_nights b
       on a.listing_id = b.listing_id and a.id < b.id and a.nights && b.nights
     where a.listing_id = any($1)`,
    [listingIds.map((id) => uuidOf('lst', id))],
  );
  await client.end();
  expect(rows).toEqual([]);
}

test(`of ${CLIENTS} who want overlapping nights one gets them, and nobody else is told anything but that`, async () => {
  const before = await deadlocks();
  for (let round = 0; round < ROUNDS; round++) {
    const listingId = await server.home();
    const stays = Array.from({ length: CLIENTS }, (_, index) => ({
      checkIn: addDays('2027-05-01', index % 4),
      checkOut: '2027-05-06',
    }));
    const callers = throughBoth();
    const quotes = await manyQuotes(callers[0], listingId, stays);
    const answers = await Promise.all(
      quotes.map(({ id }, index) => callers[index % 2]!('POST', '/v1/bookings', { body: { quoteId: id } })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 201);
    expect(new Set(others.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(['409 dates_unavailable']),
    );
    expect(await server.taken(uuidOf('lst', listingId)!)).toHaveLength(1);
  }
  expect(await deadlocks()).toBe(before);
}, 60_000);

interface Acknowledged {
  bookings: Map<string, { checkIn: string; checkOut: string; listingId: string }>;
  failures: Answer[];
}

test('after holds, cancellations, alterations and blocks of everybody at once the calendar is what was acknowledged', async () => {
  const before = await deadlocks();
  const listingIds = [await server.home(), await server.home()];
  const told: Acknowledged = { bookings: new Map(), failures: [] };
  const end = Date.now() + MIX_MS;
  await Promise.all(
    Array.from({ length: MIX_CLIENTS }, async (_, index) => {
      const call = throughBoth()[index % 2]!;
      while (Date.now() < end) await actAtRandom(call, listingIds[randomInt(2)]!, told);
    }),
  );
  expect(told.failures.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
  await assertNoOverlap(listingIds);
  const rows = await server.resources.db
    .selectFrom('occupied_nights')
    .innerJoin('bookings', 'bookings.id', 'occupied_nights.booking_id')
    .select(['bookings.id', 'bookings.check_in', 'bookings.check_out', 'bookings.listing_id'])
    .execute();
  const mine = rows.filter(({ listing_id }) => listingIds.includes(publicId('lst', listing_id)));
  expect(
    new Map(
      mine.map((row) => [
        publicId('bkg', row.id),
        { checkIn: row.check_in, checkOut: row.check_out, listingId: publicId('lst', row.listing_id) },
      ]),
    ),
  ).toEqual(told.bookings);
  expect(await deadlocks()).toBe(before);
}, 60_000);

const within = (nights: number) => {
  const checkIn = addDays('2027-06-01', randomInt(30));
  return { checkIn, checkOut: addDays(checkIn, 1 + randomInt(nights)) };
};

/** What is refused because others were quicker is as it should be; anything else is not. */
const EXPECTED = [201, 200, 409, 422];

async function actAtRandom(call: Caller, listingId: string, told: Acknowledged): Promise<void> {
  const answer = await [book, book, cancel, alter, block][randomInt(5)]!(call, listingId, told);
  if (answer && !EXPECTED.includes(answer.status)) told.failures.push(answer);
}

async function book(call: Caller, listingId: string, { bookings }: Acknowledged) {
  const stay = within(5);
  const quote = await call('POST', '/v1/quotes', { body: { listingId, guests: 2, ...stay } });
  if (quote.status !== 201) return quote;
  const held = await call('POST', '/v1/bookings', { body: { quoteId: quote.body.id } });
  if (held.status !== 201) return held;
  const paid = await call('POST', `/v1/bookings/${held.body.id}/payment/confirm`, {
    body: { paymentMethod: 'pm_card_visa' },
  });
  if (paid.status === 200) bookings.set(held.body.id, { ...stay, listingId });
  return paid;
}

/** A booking that nobody else is at work on. */
function takeOne({ bookings }: Acknowledged) {
  const entries = [...bookings];
  const entry = entries[randomInt(entries.length + 1)];
  if (entry) bookings.delete(entry[0]);
  return entry;
}

async function cancel(call: Caller, _listingId: string, told: Acknowledged) {
  const entry = takeOne(told);
  if (!entry) return undefined;
  const by = randomInt(2) ? call : server.host;
  return by('POST', `/v1/bookings/${entry[0]}/cancel`, { body: {} });
}

async function alter(call: Caller, _listingId: string, told: Acknowledged) {
  const entry = takeOne(told);
  if (!entry) return undefined;
  const [id, stay] = entry;
  const wanted = within(5);
  const asked = await call('POST', `/v1/bookings/${id}/alterations`, { body: wanted });
  const path = `/v1/bookings/${id}/alterations/${asked.body.id}`;
  const answer = asked.status === 201 ? await server.host('POST', `${path}/accept`) : asked;
  if (asked.status === 201 && answer.status !== 200) await call('POST', `${path}/withdraw`);
  const altered = answer.status === 200 ? { ...stay, ...wanted } : stay;
  told.bookings.set(id, answer.body.status === 'awaitingPayment' ? await charged(call, id, stay) : altered);
  return answer;
}

/** What costs more is altered when it is paid, if the nights are still free then. */
async function charged(call: Caller, id: string, stay: { listingId: string }) {
  const { body } = await call('POST', `/v1/bookings/${id}/payment/confirm`, {
    body: { paymentMethod: 'pm_card_visa' },
  });
  return { ...stay, checkIn: body.checkIn, checkOut: body.checkOut };
}

async function block(_call: Caller, listingId: string) {
  const { checkIn, checkOut } = within(4);
  return server.host('PUT', `/v1/listings/${listingId}/calendar`, {
    body: { ranges: [{ from: checkIn, to: checkOut, blocked: randomInt(2) === 0 }] },
  });
}
