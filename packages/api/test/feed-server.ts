import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runFetch } from '../src/feeds/service/run-fetch.ts';
import { contextOfProcess } from '../src/platform/context.ts';
import { openOutbound } from '../src/platform/http/outbound.ts';
import { newUuid, publicId, uuidOf } from '../src/platform/id.ts';
import { type Caller, callerOf, newPerson } from './caller.ts';
import { startTestServer } from './server.ts';

/** The export of another channel, on a port of its own. */
export interface Channel {
  url: string;
  /** What came, in its order. */
  requests: IncomingMessage[];
  answer: (response: ServerResponse, request: IncomingMessage) => void;
  close(): Promise<void>;
}

export async function startChannel(): Promise<Channel> {
  const server = http.createServer((request, response) => {
    channel.requests.push(request);
    channel.answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const channel: Channel = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/calendar.ics?s=hidden`,
    requests: [],
    answer: says(calendarOf([])),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return channel;
}

export const says =
  (text: string | Buffer, headers: Record<string, string> = {}, status = 200): Channel['answer'] =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'text/calendar', ...headers });
    response.end(text);
  };

export type Night = [from: string, to: string];

/** A calendar with an event for each range of nights. */
export const calendarOf = (nights: readonly Night[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//A channel//EN',
    ...nights.flatMap(([from, to]) => [
      'BEGIN:VEVENT',
      `UID:${from}@channel.example`,
      `DTSTART;VALUE=DATE:${from.replaceAll('-', '')}`,
      `DTEND;VALUE=DATE:${to.replaceAll('-', '')}`,
      'SUMMARY:Reserved',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
    '',
  ].join('\r\n');

/** Limits that a test can wait for. */
const QUICK = {
  allowLoopback: true,
  userAgent: 'Sojourn-Tests/1',
  connectTimeoutMs: 1_000,
  headersTimeoutMs: 700,
  bodyTimeoutMs: 700,
  totalTimeoutMs: 1_000,
  maxResponseBytes: 1_000,
  connectionsPerOrigin: 4,
};

/** The server with what tests of feeds look at: a clock that they move, and fetches that they make happen. */
export async function startFeedServer(settings: Record<string, string> = {}) {
  const clock = { at: new Date('2027-04-20T10:00:00Z'), now: () => clock.at };
  const server = await startTestServer(settings, { clock });
  const outbound = openOutbound(QUICK);
  const ctx = { ...contextOfProcess(server.resources, null), outbound };
  return {
    ...server,
    clock,
    async stop() {
      await outbound.close();
      await server.stop();
    },
    wait(hours: number) {
      clock.at = new Date(clock.at.getTime() + hours * 3_600_000);
    },
    /** Fetches a feed, as the worker does when its time has come. */
    async fetch(feedId: string, signal = new AbortController().signal) {
      clock.at = new Date(clock.at.getTime() + 1_000);
      await server.resources.pool.query('update feeds set next_fetch_at = $2 where id = $1', [
        uuidOf('feed', feedId),
        clock.now(),
      ]);
      await runFetch(ctx, uuidOf('feed', feedId)!, signal);
    },
    /** A new person, who has a key that outlives any move of the clock. */
    async person(): Promise<Caller> {
      const { call } = await newPerson(server);
      const scopes = ['listings:read', 'listings:write', 'calendar:read', 'calendar:write'];
      const key = await call('POST', '/v1/api-keys', { body: { name: 'tests', scopes } });
      return callerOf(server, key.body.key);
    },
    /** Which nights of a listing are taken, as ranges, by what. */
    async taken(listingId: string): Promise<string[]> {
      const { rows } = await server.resources.pool.query(
        `select kind || ' ' || lower(nights) || ' ' || upper(nights) as told from occupied_nights
         where listing_id = $1 order by nights`,
        [uuidOf('lst', listingId)],
      );
      return rows.map(({ told }) => told);
    },
    /** A stay of ours that is booked. */
    async book(listingId: string, [from, to]: Night, preparationNights = 0): Promise<string> {
      const id = newUuid(clock.now());
      const client = await server.resources.pool.connect();
      try {
        await client.query('begin');
        await client.query(
          `insert into bookings (id, quote_id, listing_id, host_id, guest_id, status, instant, check_in, check_out,
             guests, pets, check_in_at, check_out_at, terms, currency, total, created_at, updated_at)
           select $1, gen_random_uuid(), id, host_id, host_id, 'confirmed', true, $3::date, $4::date, 1, 0, $3::date, $4::date,
             '{}', 'EUR', 0, $5, $5 from listings where id = $2`,
          [id, uuidOf('lst', listingId), from, to, clock.now()],
        );
        await client.query(
          `insert into occupied_nights (id, listing_id, kind, nights, preparation_nights, booking_id)
           values ($1, $2, 'booking', daterange($3, $4), $5, $1)`,
          [id, uuidOf('lst', listingId), from, to, preparationNights],
        );
        await client.query('commit');
      } finally {
        client.release();
      }
      return publicId('bkg', id);
    },
    /** The types of what happened to a feed, in their order. */
    async news(feedId: string): Promise<string[]> {
      const { rows } = await server.resources.pool.query(
        `select type from (select type, id from outbox where subject_id = $1
           union all select type, id from events where subject_id = $1) told order by id`,
        [uuidOf('feed', feedId)],
      );
      return rows.map(({ type }) => type);
    },
  };
}

/** A new listing in Paris. */
export async function newListing(call: Caller): Promise<string> {
  const body = { title: 'Attic', roomType: 'entirePlace', timeZone: 'Europe/Paris' };
  return (await call('POST', '/v1/listings', { body })).body.id;
}

export type FeedServer = Awaited<ReturnType<typeof startFeedServer>>;
