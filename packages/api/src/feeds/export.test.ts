import { addDays, datesBetween } from '@sojourn/shared/nights';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type Caller, callerOf } from '../../test/caller.ts';
import {
  calendarOf,
  type FeedServer,
  newListing,
  says,
  startChannel,
  startFeedServer,
} from '../../test/feed-server.ts';
import { readCalendar } from './model/read-calendar.ts';
import { writeCalendar } from './model/write-calendar.ts';

const WIDE = { from: '2020-01-01', to: '2040-01-01', timeZone: 'Europe/Paris' };
const nightsOf = (text: string) => {
  const { events, warnings } = readCalendar(text, WIDE);
  expect(warnings).toEqual([]);
  return events.flatMap(({ nights }) => datesBetween(nights.from, nights.to)).sort();
};

let server: FeedServer;
let anna: Caller;
let ben: Caller;
let listingId: string;
beforeAll(async () => {
  server = await startFeedServer();
  anna = await server.person();
  ben = await server.person();
});
beforeEach(async () => {
  listingId = await newListing(anna);
});
afterAll(async () => {
  await server.stop();
  expect(server.breaches).toEqual([]);
});

const exportPath = () => `/v1/listings/${listingId}/calendar-export`;
const share = async (): Promise<string> => {
  const answer = await anna('POST', exportPath());
  expect(answer.status, answer.text).toBe(200);
  return answer.body.url;
};
const readAt = (url: string, headers: Record<string, string> = {}): Promise<Answer> =>
  callerOf(server)('GET', new URL(url).pathname + new URL(url).search, { headers });
const block = async (from: string, to: string) =>
  expect(
    (
      await anna('PUT', `/v1/listings/${listingId}/calendar`, {
        body: { ranges: [{ from, to, blocked: true, note: 'Paint the kitchen' }] },
      })
    ).status,
  ).toBe(200);

describe('the exported calendar', () => {
  test('tells which nights are taken, and nothing of by whom', async () => {
    const stay = await server.book(listingId, ['2027-05-02', '2027-05-05'], 2);
    await block('2027-05-06', '2027-05-10');
    await server.book(listingId, ['2027-01-02', '2027-01-05']);
    const answer = await readAt(await share());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('private, max-age=60');
    const events = new ICAL.Component(ICAL.parse(answer.text) as never[]).getAllSubcomponents('vevent');
    const told = events.map((event) =>
      ['uid', 'summary', 'dtstart', 'dtend'].map((name) => String(event.getFirstPropertyValue(name))),
    );
    expect(told).toEqual([
      [stay, 'Reserved', '2027-05-02', '2027-05-05'],
      // The night to prepare the home that is not taken anyway.
      [`${listingId}-2027-05-05`, 'Not available', '2027-05-05', '2027-05-06'],
      [`${listingId}-2027-05-06`, 'Not available', '2027-05-06', '2027-05-10'],
    ]);
    expect(answer.text).not.toContain('Paint');
    expect(nightsOf(answer.text)).toEqual(datesBetween('2027-05-02', '2027-05-10'));
  });

  test('passes on what other channels sold', async () => {
    const channel = await startChannel();
    channel.answer = says(calendarOf([['2027-06-01', '2027-06-04']]));
    const feed = await anna('POST', `/v1/listings/${listingId}/calendar-feeds`, {
      body: { name: 'Airbnb', url: channel.url },
    });
    await server.fetch(feed.body.id);
    await channel.close();
    expect(nightsOf((await readAt(await share())).text)).toEqual(datesBetween('2027-06-01', '2027-06-04'));
  });

  test('is answered 304 while it is the same', async () => {
    const url = await share();
    await block('2027-05-06', '2027-05-10');
    const first = await readAt(url);
    const etag = first.headers.get('etag')!;
    const again = await readAt(url, { 'If-None-Match': etag });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    await server.book(listingId, ['2027-07-02', '2027-07-05']);
    const changed = await readAt(url, { 'If-None-Match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test('has a URL that stays until it is replaced or revoked', async () => {
    const url = await share();
    expect(await share()).toBe(url);
    const rotated = (await anna('POST', `${exportPath()}/rotate`)).body.url;
    expect(rotated).not.toBe(url);
    expect((await readAt(url)).status).toBe(404);
    expect((await readAt(rotated)).status).toBe(200);
    expect((await anna('DELETE', exportPath())).status).toBe(204);
    expect((await readAt(rotated)).status).toBe(404);
    const { rows } = await server.resources.pool.query('select * from calendar_exports');
    const token = new URL(await share()).searchParams.get('token')!;
    expect(
      JSON.stringify(rows, (_key, value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value)),
    ).not.toContain(token);
  });

  test('is the same 404 for a wrong secret, for none of its kind and for no listing', async () => {
    const url = new URL(await share());
    const otherId = await newListing(ben);
    const problemOf = async (path: string) => {
      const { status, body } = await callerOf(server)('GET', path);
      const { instance: _instance, requestId: _requestId, ...problem } = body;
      return [status, problem];
    };
    const expected = [404, expect.objectContaining({ code: 'calendar_not_found' })];
    const wrong = await problemOf(`${url.pathname}?token=wrong`);
    expect(wrong).toEqual(expected);
    for (const path of [
      `/v1/listings/${otherId}/calendar.ics${url.search}`,
      `/v1/listings/lst_00000000000000000000000000/calendar.ics${url.search}`,
      `/v1/listings/nothing/calendar.ics${url.search}`,
    ])
      expect(await problemOf(path)).toEqual(wrong);
  });

  test('is shared by its host alone', async () => {
    expect((await ben('POST', exportPath())).body.code).toBe('listing_not_found');
  });
});

const ranges = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 40 }),
      nights: fc.integer({ min: 1, max: 60 }),
      bookingId: fc.option(fc.uuid()),
    }),
    { maxLength: 30 },
  )
  .map((parts) => {
    let from = '2027-01-01';
    return parts.map(({ gap, nights, bookingId }) => {
      const range = { bookingId, from: addDays(from, gap), to: addDays(from, gap + nights) };
      from = range.to;
      return range;
    });
  });

test('what is exported is imported as the same nights, wherever the listing is', () => {
  const zones = fc.constantFrom('Pacific/Apia', 'America/St_Johns', 'Africa/Casablanca', 'Europe/London');
  fc.assert(
    fc.property(ranges, zones, (taken, timeZone) => {
      const text = writeCalendar('lst_01j9z6t8v2e4m8q0r5s7x3y1k9', taken);
      const { events, warnings } = readCalendar(text, { ...WIDE, timeZone });
      expect(warnings).toEqual([]);
      expect(events.map(({ nights }) => nights)).toEqual(taken.map(({ from, to }) => ({ from, to })));
      expect(new Set(events.map(({ key }) => key)).size).toBe(taken.length);
    }),
  );
});
