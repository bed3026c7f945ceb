import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, callerOf } from '../../test/caller.ts';
import {
  type Channel,
  calendarOf,
  type FeedServer,
  type Night,
  newListing,
  says,
  startChannel,
  startFeedServer,
} from '../../test/feed-server.ts';
import { PRIVATE_HOSTS, UNREADABLE_HOSTS } from '../../test/private-hosts.ts';
import { LIVE, startTestServer, type TestServer } from '../../test/server.ts';
import { until } from '../../test/webhook-server.ts';
import { startWorker } from '../worker.ts';

const channelFeeds = path.join(import.meta.dirname, '../../../../../shared/data/ical/channel-feeds');

let server: FeedServer;
let channel: Channel;
let anna: Caller;
let ben: Caller;
let listingId: string;
beforeAll(async () => {
  server = await startFeedServer();
  anna = await server.person();
  ben = await server.person();
});
beforeEach(async () => {
  server.clock.at = new Date('2027-04-20T10:00:00Z');
  channel = await startChannel();
  listingId = await newListing(anna);
});
afterEach(() => channel.close());
afterAll(async () => {
  await server.stop();
  expect(server.breaches).toEqual([]);
});

const feedsOf = (listing: string) => `/v1/listings/${listing}/calendar-feeds`;
const pathOf = (feedId: string) => `${feedsOf(listingId)}/${feedId}`;
const read = async (feedId: string) => (await anna('GET', pathOf(feedId))).body;

async function create(fields: Record<string, unknown> = {}): Promise<string> {
  const answer = await anna('POST', feedsOf(listingId), {
    body: { name: 'Airbnb', url: channel.url, ...fields },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

/** A feed that says these nights and was fetched once. */
async function takeIn(nights: readonly Night[]): Promise<string> {
  channel.answer = says(calendarOf(nights));
  const feedId = await create();
  await server.fetch(feedId);
  return feedId;
}

const MAY: Night[] = [
  ['2027-05-01', '2027-05-04'],
  ['2027-05-04', '2027-05-06'],
  ['2027-06-01', '2027-06-02'],
];

describe('a feed', () => {
  test('is made, fetched at once by the worker, and told of', async () => {
    channel.answer = says(calendarOf(MAY));
    const made = await anna('POST', feedsOf(listingId), { body: { name: 'Airbnb', url: channel.url } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^feed_/),
      name: 'Airbnb',
      host: new URL(channel.url).host,
      status: 'active',
      lastFetchedAt: null,
      nextFetchAt: server.clock.at.toISOString(),
    });
    expect(made.text).not.toContain('hidden');
    const worker = startWorker(server.resources);
    try {
      const fetched = await until(
        () => read(made.body.id),
        ({ lastSucceededAt }) => lastSucceededAt !== null,
      );
      expect(fetched).toMatchObject({ events: 3, nights: 6, conflicts: 0, warnings: [], lastError: null });
      expect(await server.taken(listingId)).toEqual([
        'feed 2027-05-01 2027-05-06',
        'feed 2027-06-01 2027-06-02',
      ]);
      channel.answer = says(calendarOf(MAY.slice(0, 2)));
      server.wait(1 / 60);
      expect((await anna('POST', `${pathOf(made.body.id)}/sync`, { body: {} })).status).toBe(202);
      await until(
        () => server.taken(listingId),
        (taken) => taken.length === 1,
      );
    } finally {
      await worker.close();
    }
    expect((await anna('GET', feedsOf(listingId))).body.data).toEqual([await read(made.body.id)]);
  });

  test('keeps its URL sealed, and past nights of it do not count', async () => {
    channel.answer = says(
      calendarOf([
        ['2027-04-01', '2027-04-10'],
        ['2027-04-18', '2027-04-22'],
      ]),
    );
    const feedId = await create();
    await server.fetch(feedId);
    expect(await read(feedId)).toMatchObject({ events: 1, nights: 2 });
    const { rows } = await server.resources.pool.query('select * from feeds');
    expect(
      JSON.stringify(rows.map((row) => ({ ...row, url_sealed: row.url_sealed.toString('latin1') }))),
    ).not.toContain('hidden');
  });

  test('is of its host alone', async () => {
    const feedId = await create();
    expect((await ben('GET', pathOf(feedId))).body.code).toBe('listing_not_found');
    const elsewhere = await ben('GET', `${feedsOf(await newListing(ben))}/${feedId}`);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([404, 'feed_not_found']);
  });

  test('is one of twenty at most', async () => {
    for (let made = 0; made < 20; made++) await create();
    const answer = await anna('POST', feedsOf(listingId), { body: { name: 'x', url: channel.url } });
    expect([answer.status, answer.body.code]).toEqual([409, 'feed_limit_reached']);
  });

  test('is changed, paused and let go on', async () => {
    const feedId = await takeIn(MAY);
    const paused = await anna('PATCH', pathOf(feedId), { body: { name: 'Vrbo', paused: true } });
    expect(paused.body).toMatchObject({ name: 'Vrbo', status: 'paused', nextFetchAt: null });
    expect((await anna('POST', `${pathOf(feedId)}/sync`, { body: {} })).body.code).toBe('feed_paused');
    await server.fetch(feedId);
    expect(channel.requests).toHaveLength(1);
    expect(await server.taken(listingId)).toHaveLength(2);
    server.wait(1);
    const going = await anna('PATCH', pathOf(feedId), { body: { paused: false } });
    expect(going.body).toMatchObject({ status: 'active', nextFetchAt: server.clock.at.toISOString() });
  });
});

describe('what is fetched', () => {
  test('is asked for only when it is new, and read anew on the next day', async () => {
    channel.answer = (response, request) =>
      request.headers['if-none-match'] === '"v1"'
        ? response.writeHead(304).end()
        : says(calendarOf(MAY), { ETag: '"v1"', 'Last-Modified': 'Tue, 20 Apr 2027 00:00:00 GMT' })(
            response,
            request,
          );
    const feedId = await create();
    await server.fetch(feedId);
    const first = await read(feedId);
    server.wait(1);
    await server.fetch(feedId);
    const second = await read(feedId);
    expect(channel.requests[1]!.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Tue, 20 Apr 2027 00:00:00 GMT',
      'accept-encoding': 'identity',
    });
    expect(second.lastChangedAt).toBe(first.lastChangedAt);
    expect(Date.parse(second.lastSucceededAt) - Date.parse(first.lastSucceededAt)).toBe(3_601_000);
    server.wait(24);
    await server.fetch(feedId);
    expect(channel.requests[2]!.headers['if-none-match']).toBeUndefined();
  });

  test('changes nothing when it says the same twice', async () => {
    server.clock.at = new Date('2022-09-10T10:00:00Z');
    channel.answer = says(readFileSync(path.join(channelFeeds, 'airbnb-2022-a.ics')));
    const feedId = await create();
    await server.fetch(feedId);
    const rows = async () =>
      (
        await server.resources.pool.query(
          `select id::text, xmin::text from occupied_nights where listing_id in (select listing_id from feeds where name = 'Airbnb')
           union all select key, xmin::text from feed_events order by 1`,
        )
      ).rows;
    const before = await rows();
    expect(await read(feedId)).toMatchObject({ events: 21, nights: 305 });
    // On the same day the body is known; on the next it is read again.
    for (const hours of [1, 24]) {
      server.wait(hours);
      await server.fetch(feedId);
      expect(await rows()).toEqual(before);
    }
    expect(channel.requests).toHaveLength(3);
  });

  test('moves a stay that keeps its UID', async () => {
    const feedId = await takeIn([['2027-05-01', '2027-05-04']]);
    channel.answer = says(calendarOf([['2027-05-01', '2027-05-06']]));
    await server.fetch(feedId);
    expect(await server.taken(listingId)).toEqual(['feed 2027-05-01 2027-05-06']);
    expect(await read(feedId)).toMatchObject({ events: 1, nights: 5 });
  });

  test('is followed over redirects, and not to where it must not go', async () => {
    channel.answer = (response, request) =>
      request.url!.startsWith('/there')
        ? says(calendarOf(MAY))(response, request)
        : response.writeHead(302, { Location: '/there' }).end();
    const feedId = await create();
    await server.fetch(feedId);
    expect(await read(feedId)).toMatchObject({ events: 3, lastError: null });
    channel.answer = says('', { Location: 'http://169.254.169.254/latest/meta-data' }, 301);
    await server.fetch(feedId);
    expect((await read(feedId)).lastError).toMatchObject({
      code: expect.stringMatching(/blocked_address|invalid_request/),
    });
    channel.answer = says('', { Location: '/again' }, 307);
    await server.fetch(feedId);
    expect((await read(feedId)).lastError).toMatchObject({ code: 'invalid_answer' });
    expect(await server.taken(listingId)).toHaveLength(2);
  });

  test.each<[string, Channel['answer'], string]>([
    ['is not there', says('no', {}, 404), 'http_error'],
    [
      'is a page',
      says('<!doctype html><title>Log in</title>', { 'Content-Type': 'text/html' }),
      'not_a_calendar',
    ],
    ['is cut off', says(calendarOf(MAY).slice(0, -20)), 'broken_calendar'],
    ['is huge', says(Buffer.alloc(2_500_000, 'BEGIN:VCALENDAR\r\n')), 'too_large'],
    [
      'is compressed unasked',
      says(gzipSync(calendarOf(MAY)), { 'Content-Encoding': 'gzip' }),
      'unexpected_encoding',
    ],
    ['is compressed and does not say so', says(gzipSync(calendarOf(MAY))), 'not_a_calendar'],
    ['never answers', () => {}, 'timeout'],
    [
      'trickles',
      (response) => {
        response.writeHead(200, { 'Content-Type': 'text/calendar' });
        const drip = setInterval(() => response.write('X-A:b\r\n'), 100);
        response.on('close', () => clearInterval(drip));
      },
      'timeout',
    ],
    ['hangs up', (response) => response.destroy(), 'connection_closed'],
    [
      'promises more than it sends',
      (response) => {
        response.writeHead(200, { 'Content-Length': '1000' });
        response.write('BEGIN:VCALENDAR');
        response.socket!.end();
      },
      'connection_closed',
    ],
  ])('fails when it %s, and keeps its nights', async (_what, answer, code) => {
    const feedId = await takeIn(MAY);
    channel.answer = answer;
    const start = server.clock.at.getTime();
    await server.fetch(feedId);
    const feed = await read(feedId);
    expect(feed).toMatchObject({ status: 'active', lastError: { code }, nights: 6 });
    expect(Date.parse(feed.nextFetchAt) - start).toBeLessThan(6 * 60_000);
    expect(await server.taken(listingId)).toHaveLength(2);
  });

  test('waits longer and longer while it fails, and tells once of failing and of recovering', async () => {
    const feedId = await takeIn(MAY);
    channel.answer = says('', {}, 500);
    const waits: number[] = [];
    for (let failure = 0; failure < 9; failure++) {
      await server.fetch(feedId);
      const feed = await read(feedId);
      waits.push(Math.round((Date.parse(feed.nextFetchAt) - server.clock.at.getTime()) / 60_000));
      expect(feed.status).toBe(failure < 2 ? 'active' : 'failing');
    }
    expect(waits.every((wait, index) => index === 0 || wait >= waits[index - 1]! * 0.85)).toBe(true);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(360);
    expect(waits.at(-1)).toBeLessThanOrEqual(396);
    channel.answer = says(calendarOf(MAY));
    await server.fetch(feedId);
    await server.fetch(feedId);
    expect((await read(feedId)).status).toBe('active');
    expect(await server.news(feedId)).toEqual(['feed.created', 'feed.failed', 'feed.recovered']);
  });

  test('fails at once when it never worked', async () => {
    channel.answer = says('', {}, 404);
    const feedId = await create();
    await server.fetch(feedId);
    expect((await read(feedId)).status).toBe('failing');
  });
});

describe('a feed that is suddenly empty', () => {
  test('frees nothing until it has said so for six hours', async () => {
    const feedId = await takeIn(MAY);
    channel.answer = says(calendarOf([]));
    await server.fetch(feedId);
    const since = server.clock.at.toISOString();
    expect(await read(feedId)).toMatchObject({ status: 'suspicious', suspiciousSince: since, nights: 6 });
    server.wait(5);
    await server.fetch(feedId);
    expect(await server.taken(listingId)).toHaveLength(2);
    server.wait(1);
    await server.fetch(feedId);
    expect(await server.taken(listingId)).toEqual([]);
    expect(await read(feedId)).toMatchObject({ status: 'active', suspiciousSince: null, nights: 0 });
    expect(await server.news(feedId)).toEqual(['feed.created', 'feed.suspicious']);
  });

  test('is believed at once when its host says so', async () => {
    const feedId = await takeIn(MAY);
    channel.answer = says(calendarOf([]));
    await server.fetch(feedId);
    expect((await anna('POST', `${pathOf(feedId)}/sync`, { body: { acceptEmpty: true } })).status).toBe(202);
    await server.fetch(feedId);
    expect(await server.taken(listingId)).toEqual([]);
  });

  test('was a fault when its events come back', async () => {
    const feedId = await takeIn(MAY);
    channel.answer = says(calendarOf([]));
    await server.fetch(feedId);
    channel.answer = says(calendarOf(MAY));
    await server.fetch(feedId);
    expect(await read(feedId)).toMatchObject({ status: 'active', suspiciousSince: null });
    server.wait(7);
    channel.answer = says(calendarOf([]));
    await server.fetch(feedId);
    expect(await read(feedId)).toMatchObject({ status: 'suspicious', nights: 6 });
  });

  test('may be so because its stays are over', async () => {
    const feedId = await takeIn([['2027-04-22', '2027-04-24']]);
    server.wait(96);
    channel.answer = says(calendarOf([]));
    await server.fetch(feedId);
    expect(await read(feedId)).toMatchObject({ status: 'active', nights: 0 });
  });

  test('keeps most of many nights that vanish at once, and takes what is new', async () => {
    const months = Array.from(
      { length: 6 },
      (_, month): Night => [`2027-0${month + 4}-20`, `2027-0${month + 4}-30`],
    );
    const feedId = await takeIn(months);
    channel.answer = says(calendarOf([['2027-12-01', '2027-12-02']]));
    await server.fetch(feedId);
    expect((await read(feedId)).status).toBe('suspicious');
    expect(await server.taken(listingId)).toContain('feed 2027-12-01 2027-12-02');
    expect(await server.taken(listingId)).toHaveLength(7);
  });
});

describe('nights where we have a stay', () => {
  test('are a conflict, told once, and the stay stays', async () => {
    const stay = await server.book(listingId, ['2027-05-02', '2027-05-05']);
    const feedId = await takeIn([['2027-05-01', '2027-05-08']]);
    expect(await server.taken(listingId)).toEqual([
      'feed 2027-05-01 2027-05-02',
      'booking 2027-05-02 2027-05-05',
      'feed 2027-05-05 2027-05-08',
    ]);
    expect((await read(feedId)).conflicts).toBe(1);
    expect((await anna('GET', `${pathOf(feedId)}/conflicts`)).body.data).toEqual([
      {
        bookingId: stay,
        checkIn: '2027-05-02',
        checkOut: '2027-05-05',
        from: '2027-05-01',
        to: '2027-05-08',
        summary: 'Reserved',
        foundAt: server.clock.at.toISOString(),
      },
    ]);
    server.wait(25);
    await server.fetch(feedId);
    expect(await server.news(feedId)).toEqual(['feed.created', 'feed.conflict']);
    channel.answer = says(calendarOf([['2027-05-05', '2027-05-08']]));
    await server.fetch(feedId);
    expect((await anna('GET', `${pathOf(feedId)}/conflicts`)).body.data).toEqual([]);
  });
});

describe('removing a feed', () => {
  test('asks what to do with its nights', async () => {
    const feedId = await takeIn(MAY);
    expect((await anna('DELETE', pathOf(feedId))).status).toBe(422);
    expect((await anna('DELETE', `${pathOf(feedId)}?nights=free`)).status).toBe(204);
    expect(await server.taken(listingId)).toEqual([]);
    expect((await anna('GET', pathOf(feedId))).body.code).toBe('feed_not_found');
    expect(await server.news(feedId)).toEqual(['feed.created', 'feed.removed']);
  });

  test('keeps them as blocks of the host, beside what is there', async () => {
    await server.book(listingId, ['2027-05-02', '2027-05-03']);
    const feedId = await takeIn(MAY);
    const block = { ranges: [{ from: '2027-05-03', to: '2027-05-05', blocked: true, note: 'Paint' }] };
    expect((await anna('PUT', `/v1/listings/${listingId}/calendar`, { body: block })).status).toBe(200);
    expect((await anna('DELETE', `${pathOf(feedId)}?nights=keep`)).status).toBe(204);
    expect(await server.taken(listingId)).toEqual([
      'block 2027-05-01 2027-05-02',
      'booking 2027-05-02 2027-05-03',
      'block 2027-05-03 2027-05-06',
      'block 2027-06-01 2027-06-02',
    ]);
  });
});

describe('a URL that must not be called', () => {
  let live: TestServer;
  beforeAll(async () => {
    live = await startTestServer(LIVE);
  });
  afterAll(() => live.stop());

  test('is refused in whatever notation', async () => {
    const call = callerOf(live, live.credentials.host.apiKey);
    const { body: listing } = await call('POST', '/v1/listings', {
      body: { title: 'Attic', roomType: 'entirePlace' },
    });
    for (const host of [...PRIVATE_HOSTS, ...UNREADABLE_HOSTS]) {
      const answer = await call('POST', feedsOf(listing.id), {
        body: { name: 'x', url: `https://${host}/calendar.ics` },
      });
      expect([host, answer.status, answer.body.errors?.[0]?.pointer]).toEqual([host, 422, '/url']);
    }
    expect((await call('GET', feedsOf(listing.id))).body.data).toEqual([]);
  });
});
