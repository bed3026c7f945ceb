import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ListingDraft } from '@sojourn/shared/listing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf, newPerson } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { makeStay, type StayToMake } from '../../test/stays.ts';
import type { Tx } from '../platform/context.ts';
import { publicId, uuidOf } from '../platform/id.ts';
import { REASONS } from './model/days.ts';
import { blockNightsOf, lockCalendar, releaseNights } from './repository/occupied-nights.ts';
import { fillClosures } from './service/fill-closures.ts';

// In Lisbon; the clocks go forward in the night to March 28th.
const NOW = new Date('2027-03-20T10:00:00Z');

const complete: ListingDraft = {
  title: 'Loft',
  description: 'Two quiet rooms.',
  roomType: 'entirePlace',
  capacity: 4,
  location: { latitude: 38.72, longitude: -9.14, address: { city: 'Lisbon', country: 'PT' } },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 10_000, currency: 'EUR' },
  weekendPrice: { amount: 12_000, currency: 'EUR' },
  minNights: 2,
  maxNights: 30,
  cancellationPolicy: 'moderate',
  photos: [{ url: 'https://images.example.com/a.jpg' }],
};

let server: TestServer;
let host: Caller;
let guest: Caller;
let anonymous: Caller;
let admin: Caller;
beforeAll(async () => {
  // Moves on a little with every look, so that ids keep the order in which things are made.
  let looks = 0;
  server = await startTestServer({}, { clock: { now: () => new Date(NOW.getTime() + looks++) } });
  ({ call: host } = await newPerson(server));
  ({ call: guest } = await newPerson(server));
  anonymous = callerOf(server);
  admin = callerOf(server, server.credentials.admin.apiKey);
});
afterAll(async () => {
  await server.stop();
  expect(server.breaches).toEqual([]);
});

async function createDraft(fields: Partial<ListingDraft> = {}, by: Caller = host): Promise<string> {
  const { body, text, status } = await by('POST', '/v1/listings', { body: { ...complete, ...fields } });
  expect(status, text).toBe(201);
  return body.id;
}
async function createListing(fields: Partial<ListingDraft> = {}): Promise<string> {
  const id = await createDraft(fields);
  const { status, text } = await host('POST', `/v1/listings/${id}/publish`);
  expect(status, text).toBe(200);
  return id;
}
async function book(listingId: string, stay: Omit<StayToMake, 'listingId'>): Promise<string> {
  const id = await makeStay(server.resources, { ...stay, listingId: uuidOf('lst', listingId)! });
  return publicId('bkg', id!);
}
const endBooking = (tx: Tx, id: string) =>
  tx
    .updateTable('bookings')
    .set({ status: 'cancelled', cancelled_by: 'host' })
    .where('id', '=', id)
    .execute();
async function put(listingId: string, ...ranges: object[]) {
  const { status, body, text } = await host('PUT', `/v1/listings/${listingId}/calendar`, {
    body: { ranges },
  });
  expect(status, text).toBe(200);
  return body;
}
const DATES = 'from=2027-05-01&to=2027-05-15';
async function daysFor(caller: Caller, listingId: string, dates = DATES) {
  const { status, body, text } = await caller('GET', `/v1/listings/${listingId}/calendar?${dates}`);
  expect(status, text).toBe(200);
  return new Map<string, Record<string, unknown>>(body.days.map((day: { date: string }) => [day.date, day]));
}
const pick = (days: Map<string, Record<string, unknown>>, member: string) =>
  Object.fromEntries([...days].map(([date, day]) => [date.slice(5), day[member]]));
const within = (days: Map<string, Record<string, unknown>>, member: string, value: unknown) =>
  [...days].flatMap(([date, day]) => (day[member] === value ? date.slice(5) : []));
const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map(({ pointer }) => pointer);

describe('reading a calendar', () => {
  test('answers with every date of a year from today on, each with its price and its rules', async () => {
    const id = await createListing();
    const { body, headers } = await anonymous('GET', `/v1/listings/${id}/calendar`);
    expect(body).toMatchObject({
      listingId: id,
      timeZone: 'Europe/Lisbon',
      currency: 'EUR',
      from: '2027-03-20',
      to: '2028-03-19',
      version: 0,
    });
    expect(body.days).toHaveLength(365);
    expect(new Set(body.days.map(({ date }: { date: string }) => date)).size).toBe(365);
    expect(body.days[1]).toEqual({
      date: '2027-03-21',
      available: true,
      price: { amount: 10_000, currency: 'EUR' },
      minNights: 2,
      maxNights: 30,
      closedToArrival: false,
      closedToDeparture: false,
      reason: null,
    });
    expect(headers.get('etag')).toMatch(/^"0-.+"$/);
  });

  test('takes two years in one answer, the dates in their order, and no more', async () => {
    const id = await createListing();
    const days = await daysFor(guest, id, 'from=2027-01-01&to=2029-01-01');
    expect(days.size).toBe(731);
    for (const query of ['from=2027-01-01&to=2029-06-01', 'from=2027-05-02&to=2027-05-02', 'to=2027-01-01']) {
      const { status, body } = await guest('GET', `/v1/listings/${id}/calendar?${query}`);
      expect([status, pointers(body)]).toEqual([422, ['/query/to']]);
    }
  });

  test('says past, too soon and too far ahead', async () => {
    const id = await createListing({ advanceNoticeHours: 48, bookingWindowDays: 30 } as never);
    const days = await daysFor(guest, id, 'from=2027-03-18&to=2027-04-21');
    expect(within(days, 'reason', 'past')).toEqual(['03-18', '03-19']);
    expect(within(days, 'reason', 'notice')).toEqual(['03-20', '03-21']);
    expect(within(days, 'reason', 'beyondWindow')).toEqual(['04-19', '04-20']);
    expect(within(days, 'available', true)).toHaveLength(28);
  });

  test('is for whoever may see the listing, and drafts do not exist for others', async () => {
    const draft = await createDraft();
    const path = `/v1/listings/${draft}/calendar`;
    expect((await host('GET', path)).status).toBe(200);
    expect((await admin('GET', path)).status).toBe(200);
    for (const caller of [guest, anonymous]) {
      const { status, body } = await caller('GET', path);
      expect([status, body.code]).toEqual([404, 'listing_not_found']);
    }
    expect((await guest('PUT', path, { body: { ranges: [{ ...MAY, minNights: 3 }] } })).status).toBe(404);
  });

  test('of an unfinished draft shows its dates without prices', async () => {
    const { body: draft } = await host('POST', '/v1/listings', {
      body: { title: 'New', roomType: 'privateRoom' },
    });
    const { status, body } = await host('GET', `/v1/listings/${draft.id}/calendar`);
    expect([status, body.timeZone, body.currency, body.days[0].price]).toEqual([200, null, null, null]);
  });

  test('tells guests of a paused listing that nothing can be booked, and the host what is free', async () => {
    const id = await createListing();
    await host('POST', `/v1/listings/${id}/pause`);
    expect(within(await daysFor(guest, id), 'reason', 'unavailable')).toHaveLength(14);
    expect(within(await daysFor(host, id), 'available', true)).toHaveLength(14);
  });
});

const MAY = { from: '2027-05-03', to: '2027-05-06' };

describe('what takes a night', () => {
  test('is told to the host, while guests cannot tell a stay from a block', async () => {
    const id = await createListing();
    const bookingId = await book(id, { from: '2027-05-02', to: '2027-05-04', preparationNights: 1 });
    await book(id, { from: '2027-05-11', to: '2027-05-12', kind: 'hold' });
    await put(id, { from: '2027-05-06', to: '2027-05-08', blocked: true, note: 'Painters' });
    const own = await daysFor(host, id);
    expect(pick(own, 'reason')).toMatchObject({
      '05-01': null,
      '05-02': 'booking',
      '05-03': 'booking',
      '05-04': 'preparation',
      '05-05': null,
      '05-06': 'block',
      '05-07': 'block',
      '05-08': null,
      '05-11': 'hold',
    });
    expect(pick(own, 'bookingId')).toMatchObject({ '05-03': bookingId, '05-04': null, '05-06': null });
    expect(pick(own, 'note')).toMatchObject({ '05-06': 'Painters', '05-03': null });
    const seen = await daysFor(guest, id);
    expect(within(seen, 'reason', 'unavailable')).toEqual([
      '05-02',
      '05-03',
      '05-04',
      '05-06',
      '05-07',
      '05-11',
    ]);
    for (const day of seen.values()) expect(Object.keys(day)).not.toContain('note');
    expect(await daysFor(anonymous, id)).toEqual(seen);
    expect(await daysFor(admin, id)).toEqual(own);
  });

  test('leaves room to prepare the home before the next stay', async () => {
    const id = await createListing({ preparationNights: 2 } as never);
    await book(id, { from: '2027-05-08', to: '2027-05-10', preparationNights: 1 });
    expect(within(await daysFor(host, id), 'reason', 'preparation')).toEqual(['05-06', '05-07', '05-10']);
  });

  test('is never shifted by a clock change', async () => {
    const id = await createListing();
    await put(id, { from: '2027-03-28', to: '2027-03-29', blocked: true });
    await put(id, { from: '2027-10-31', to: '2027-11-01', blocked: true });
    const spring = await daysFor(guest, id, 'from=2027-03-27&to=2027-03-30');
    expect(within(spring, 'available', false)).toEqual(['03-28']);
    const autumn = await daysFor(guest, id, 'from=2027-10-30&to=2027-11-02');
    expect(within(autumn, 'available', false)).toEqual(['10-31']);
  });
});

describe('changing a calendar', () => {
  test('sets what is named, leaves what is not, and null gives it back', async () => {
    const id = await createListing();
    const first = await put(id, {
      ...MAY,
      price: { amount: 20_000, currency: 'EUR' },
      minNights: 3,
      note: 'Fair',
    });
    expect(first).toEqual({ dryRun: false, version: 1, changedDays: 3, skipped: [] });
    await put(id, { from: '2027-05-04', to: '2027-05-05', price: null, closedToArrival: true });
    const days = await daysFor(host, id);
    expect(pick(days, 'price')).toMatchObject({
      '05-02': { amount: 10_000 },
      '05-03': { amount: 20_000 },
      '05-04': { amount: 10_000 },
      '05-05': { amount: 20_000 },
    });
    expect(pick(days, 'minNights')).toMatchObject({ '05-02': 2, '05-03': 3, '05-04': 3, '05-06': 2 });
    expect(within(days, 'closedToArrival', true)).toEqual(['05-04']);
    expect(within(days, 'note', 'Fair')).toEqual(['05-03', '05-04', '05-05']);
  });

  test('lets a later range hold over an earlier one of the same request', async () => {
    const id = await createListing();
    await put(id, { ...MAY, minNights: 5 }, { from: '2027-05-04', to: '2027-05-05', minNights: 7 });
    expect(pick(await daysFor(guest, id), 'minNights')).toMatchObject({ '05-03': 5, '05-04': 7, '05-05': 5 });
  });

  test('that changes nothing has no new version and tells nobody', async () => {
    const id = await createListing();
    await put(id, { ...MAY, minNights: 5 });
    expect(await put(id, { ...MAY, minNights: 5 })).toMatchObject({ version: 1, changedDays: 0 });
    const events = await server.resources.db
      .selectFrom('outbox')
      .select('data')
      .where('subject_id', '=', uuidOf('lst', id)!)
      .where('type', '=', 'calendar.changed')
      .execute();
    expect(events.map(({ data }) => data)).toEqual([{ ...MAY, what: ['minNights'], version: 1 }]);
  });

  test('by a dry run answers the same and writes nothing', async () => {
    const id = await createListing();
    await book(id, { from: '2027-05-04', to: '2027-05-05' });
    const body = { ranges: [{ ...MAY, blocked: true }], dryRun: true };
    const preview = await host('PUT', `/v1/listings/${id}/calendar`, { body });
    expect(preview.body).toEqual({
      dryRun: true,
      version: 0,
      changedDays: 3,
      skipped: [{ from: '2027-05-04', to: '2027-05-05', reason: 'booking' }],
    });
    expect(within(await daysFor(host, id), 'available', false)).toEqual(['05-04']);
    expect(await put(id, ...body.ranges)).toMatchObject({ changedDays: 3, skipped: preview.body.skipped });
  });

  test('says everything that is wrong, by pointer', async () => {
    const id = await createListing();
    const refused = async (...ranges: object[]) => {
      const { status, body } = await host('PUT', `/v1/listings/${id}/calendar`, { body: { ranges } });
      expect([status, body.code]).toEqual([422, 'invalid_request']);
      return pointers(body);
    };
    expect(
      await refused(
        { ...MAY, price: { amount: 0, currency: 'EUR' } },
        { ...MAY, minNights: 5, maxNights: 4 },
        { from: '2027-05-03', to: '2027-05-03', blocked: true },
        { from: '2027-02-30', to: '2027-05-03', blocked: true },
        { ...MAY },
        { ...MAY, minNights: 2, colour: 'red' },
      ),
    ).toEqual([
      '/ranges/0/price/amount',
      '/ranges/1/maxNights',
      '/ranges/2/to',
      '/ranges/3/from',
      '/ranges/4',
      '/ranges/5/colour',
    ]);
    expect(
      await refused(
        { ...MAY, minNights: 2 },
        { ...MAY, price: { amount: 500, currency: 'USD' } },
        { from: '2025-05-03', to: '2025-05-04', blocked: true },
        { from: '2030-03-20', to: '2030-04-20', blocked: true },
      ),
    ).toEqual(['/ranges/2/from', '/ranges/3/to', '/ranges/1/price/currency']);
    expect(within(await daysFor(guest, id), 'available', false)).toEqual([]);
  });

  test('is for the host and admins, of the version that they saw', async () => {
    const id = await createListing();
    const path = `/v1/listings/${id}/calendar`;
    const body = { ranges: [{ ...MAY, minNights: 4 }] };
    const refused = await guest('PUT', path, { body });
    expect([refused.status, refused.body.code]).toEqual([403, 'not_your_listing']);
    const etag = (await host('GET', path)).headers.get('etag')!;
    // A stay makes another answer of the same version: the host's change still holds.
    await book(id, { from: '2027-05-10', to: '2027-05-11' });
    const fresh = (await host('GET', path)).headers.get('etag')!;
    expect(fresh).not.toBe(etag);
    expect((await host('GET', path, { headers: { 'If-None-Match': fresh } })).status).toBe(304);
    expect((await admin('PUT', path, { body, headers: { 'If-Match': etag } })).status).toBe(200);
    const stale = await host('PUT', path, { body, headers: { 'If-Match': fresh } });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
  });
});

describe('blocks', () => {
  const listed = async (id: string) => {
    const { status, body } = await host('GET', `/v1/listings/${id}/blocks`);
    expect(status).toBe(200);
    return body.data.map(({ from, to, note }: Record<string, string>) => [
      from?.slice(5),
      to?.slice(5),
      note,
    ]);
  };

  test('stand around a stay, which stays, and take effect there once it is gone', async () => {
    const id = await createListing();
    const stay = await book(id, { from: '2027-05-04', to: '2027-05-06' });
    const { skipped } = await put(id, { from: '2027-05-02', to: '2027-05-08', blocked: true });
    expect(skipped).toEqual([{ from: '2027-05-04', to: '2027-05-06', reason: 'booking' }]);
    const days = await daysFor(host, id);
    expect(within(days, 'reason', 'block')).toEqual(['05-02', '05-03', '05-06', '05-07']);
    expect(within(days, 'reason', 'booking')).toEqual(['05-04', '05-05']);
    expect(await listed(id)).toEqual([['05-02', '05-08', null]]);
    const bookingId = uuidOf('bkg', stay)!;
    const { db, clock } = server.resources;
    await db.transaction().execute(async (tx) => {
      await lockCalendar(tx, uuidOf('lst', id)!);
      await releaseNights(tx, bookingId);
      await endBooking(tx, bookingId);
      await fillClosures(tx, uuidOf('lst', id)!, clock.now());
    });
    expect(within(await daysFor(host, id), 'reason', 'block')).toHaveLength(6);
  });

  test('are made of the nights of a stay that the host cancels', async () => {
    const id = await createListing();
    const bookingId = uuidOf('bkg', await book(id, { from: '2027-05-04', to: '2027-05-07' }))!;
    await put(id, { from: '2027-05-06', to: '2027-05-09', blocked: true, note: 'Roof' });
    const { db, clock } = server.resources;
    await db.transaction().execute(async (tx) => {
      await lockCalendar(tx, uuidOf('lst', id)!);
      await blockNightsOf(tx, bookingId, { note: 'Cancelled', now: clock.now() });
      await endBooking(tx, bookingId);
      await fillClosures(tx, uuidOf('lst', id)!, clock.now());
    });
    expect(await listed(id)).toEqual([
      ['05-04', '05-06', 'Cancelled'],
      ['05-06', '05-09', 'Roof'],
    ]);
    expect(within(await daysFor(host, id), 'reason', 'block')).toHaveLength(5);
  });

  test('leave the nights of another channel to it, and the host is told so', async () => {
    const id = await createListing();
    const { pool, db, clock } = server.resources;
    const listingId = uuidOf('lst', id)!;
    await pool.query(
      `with feed as (
        insert into feeds (id, listing_id, name, url_sealed, url_host, next_fetch_at, created_at, updated_at)
        values ($1, $2, 'Other', '', 'example.com', $3, $3, $3) returning id)
      insert into feed_events (feed_id, key, nights)
      select id, key, nights::daterange from feed,
        (values ('a', '[2027-05-03,2027-05-06)'), ('b', '[2027-05-05,2027-05-08)')) as event (key, nights)`,
      [randomUUID(), listingId, NOW],
    );
    await book(id, { from: '2027-05-04', to: '2027-05-05' });
    await db.transaction().execute((tx) => fillClosures(tx, listingId, clock.now()));
    const { skipped } = await put(id, { from: '2027-05-04', to: '2027-05-10', blocked: true });
    expect(skipped).toEqual([
      { from: '2027-05-04', to: '2027-05-05', reason: 'booking' },
      { from: '2027-05-05', to: '2027-05-08', reason: 'feed' },
    ]);
    const days = await daysFor(host, id);
    expect(within(days, 'reason', 'feed')).toEqual(['05-03', '05-05', '05-06', '05-07']);
    expect(within(days, 'reason', 'block')).toEqual(['05-08', '05-09']);
  });

  test('merge with neighbours of the same note, and open exactly the nights that are named', async () => {
    const id = await createListing();
    await put(id, { from: '2027-05-02', to: '2027-05-05', blocked: true, note: 'Roof' });
    await put(id, { from: '2027-05-05', to: '2027-05-08', blocked: true, note: 'Roof' });
    await put(id, { from: '2027-05-08', to: '2027-05-10', blocked: true });
    expect(await listed(id)).toEqual([
      ['05-02', '05-08', 'Roof'],
      ['05-08', '05-10', null],
    ]);
    await put(id, { from: '2027-05-04', to: '2027-05-06', blocked: false });
    expect(await listed(id)).toEqual([
      ['05-02', '05-04', 'Roof'],
      ['05-06', '05-08', 'Roof'],
      ['05-08', '05-10', null],
    ]);
    expect(within(await daysFor(guest, id), 'available', false)).toEqual([
      '05-02',
      '05-03',
      '05-06',
      '05-07',
      '05-08',
      '05-09',
    ]);
    const first = await host('GET', `/v1/listings/${id}/blocks?limit=2`);
    const next = await host('GET', `/v1/listings/${id}/blocks?limit=2&cursor=${first.body.nextCursor}`);
    expect([first.body.data.length, next.body.data.length, next.body.nextCursor]).toEqual([2, 1, null]);
    expect((await guest('GET', `/v1/listings/${id}/blocks`)).body.code).toBe('not_your_listing');
  });
});

describe('seasons', () => {
  const SUMMER = {
    name: 'Summer',
    from: '2027-05-03',
    to: '2027-05-10',
    price: { amount: 15_000, currency: 'EUR' },
    weekendPrice: { amount: 18_000, currency: 'EUR' },
    minNights: 5,
    maxNights: null,
  };
  const FAIR = {
    ...SUMMER,
    name: 'Fair',
    from: '2027-05-12',
    to: '2027-05-14',
    price: null,
    weekendPrice: null,
    minNights: null,
  };

  test('stand between the dates and the listing, and are replaced as a whole', async () => {
    const id = await createListing();
    const path = `/v1/listings/${id}/seasons`;
    const { status, body, text } = await host('PUT', path, { body: { seasons: [FAIR, SUMMER] } });
    expect(status, text).toBe(200);
    expect(body).toEqual({ version: 1, seasons: [SUMMER, FAIR] });
    await put(id, {
      from: '2027-05-04',
      to: '2027-05-05',
      price: { amount: 9_000, currency: 'EUR' },
      minNights: 1,
    });
    const days = await daysFor(guest, id);
    // May 7th and 8th are a Friday and a Saturday, and so is the 14th.
    expect(pick(days, 'price')).toMatchObject({
      '05-02': { amount: 10_000 },
      '05-03': { amount: 15_000 },
      '05-04': { amount: 9_000 },
      '05-07': { amount: 18_000 },
      '05-08': { amount: 18_000 },
      '05-09': { amount: 15_000 },
      '05-12': { amount: 10_000 },
      '05-14': { amount: 12_000 },
    });
    expect(pick(days, 'minNights')).toMatchObject({ '05-03': 5, '05-04': 1, '05-10': 2, '05-12': 2 });
    const stale = await host('PUT', path, { body: { seasons: [] }, headers: { 'If-Match': '"1"' } });
    expect(stale.status).toBe(412);
    expect((await host('PUT', path, { body: { seasons: [] } })).body).toEqual({ version: 3, seasons: [] });
    expect((await host('GET', path)).body).toEqual({ version: 3, seasons: [] });
  });

  test('do not overlap, and are in the currency of the listing', async () => {
    const id = await createListing();
    const refused = async (...seasons: object[]) => {
      const { status, body } = await host('PUT', `/v1/listings/${id}/seasons`, { body: { seasons } });
      expect(status).toBe(422);
      return pointers(body);
    };
    expect(
      await refused(
        SUMMER,
        { ...FAIR, from: '2027-05-09' },
        { ...FAIR, from: '2027-05-20', to: '2027-05-19' },
      ),
    ).toEqual(['/seasons/2/to', '/seasons/1/from']);
    expect(await refused({ ...SUMMER, weekendPrice: { amount: 1, currency: 'USD' } })).toEqual([
      '/seasons/0/weekendPrice/currency',
    ]);
  });
});

describe('changing many calendars', () => {
  test('selects by tag, previews, leaves those that do not fit, and tells of each once', async () => {
    const { call } = await newPerson(server);
    const ids = [
      await createDraft({ tags: ['beach'], title: 'One' }, call),
      await createDraft({ tags: ['beach', 'hill'], title: 'Two' }, call),
      await createDraft(
        {
          tags: ['beach'],
          title: 'Dollars',
          basePrice: { amount: 9_000, currency: 'USD' },
          weekendPrice: null,
        },
        call,
      ),
      await createDraft({ tags: ['hill'], title: 'Other' }, call),
    ];
    await createDraft({ tags: ['beach'], title: 'Not theirs' });
    await book(ids[1]!, { from: '2027-05-04', to: '2027-05-05' });
    const body = {
      select: { tags: ['beach'] },
      ranges: [{ ...MAY, price: { amount: 22_000, currency: 'EUR' }, blocked: true }],
    };
    const preview = await call('PUT', '/v1/calendar', { body: { ...body, dryRun: true } });
    expect(preview.status, preview.text).toBe(200);
    expect(preview.body).toEqual({
      dryRun: true,
      matched: 3,
      changed: 2,
      listings: [
        { listingId: ids[0], title: 'One', changed: true, changedDays: 3, skipped: [], errors: [] },
        {
          listingId: ids[1],
          title: 'Two',
          changed: true,
          changedDays: 3,
          skipped: [{ from: '2027-05-04', to: '2027-05-05', reason: 'booking' }],
          errors: [],
        },
        {
          listingId: ids[2],
          title: 'Dollars',
          changed: false,
          changedDays: 0,
          skipped: [],
          errors: [expect.objectContaining({ pointer: '/ranges/0/price/currency', code: 'other_currency' })],
        },
      ],
    });
    expect(within(await daysFor(call, ids[0]!), 'reason', 'block')).toEqual([]);
    const done = await call('PUT', '/v1/calendar', { body });
    expect(done.body).toEqual({ ...preview.body, dryRun: false });
    expect(within(await daysFor(call, ids[0]!), 'reason', 'block')).toEqual(['05-03', '05-04', '05-05']);
    expect(within(await daysFor(call, ids[1]!), 'reason', 'block')).toEqual(['05-03', '05-05']);
    expect(within(await daysFor(call, ids[3]!), 'reason', 'block')).toEqual([]);
    const told = await server.resources.db
      .selectFrom('outbox')
      .select('subject_id')
      .where('type', '=', 'calendar.changed')
      .where(
        'subject_id',
        'in',
        ids.map((id) => uuidOf('lst', id)!),
      )
      .execute();
    expect(told.map(({ subject_id }) => subject_id).sort()).toEqual(
      [ids[0], ids[1]].map((id) => uuidOf('lst', id!)).sort(),
    );
  });

  test('selects by id, place and room type, of one’s own listings only', async () => {
    const { call } = await newPerson(server);
    const lisbon = await createDraft({}, call);
    const faro = await createDraft(
      {
        location: { latitude: 37, longitude: -7.9, address: { city: 'Faro', country: 'PT' } },
        roomType: 'privateRoom',
      },
      call,
    );
    const others = await createDraft();
    const matched = async (select: object) => {
      const { body, status, text } = await call('PUT', '/v1/calendar', {
        body: { select, ranges: [{ ...MAY, minNights: 3 }], dryRun: true },
      });
      expect(status, text).toBe(200);
      return body.listings.map(({ listingId }: { listingId: string }) => listingId);
    };
    expect(await matched({ all: true })).toEqual([lisbon, faro]);
    expect(await matched({ place: { city: 'FARO' } })).toEqual([faro]);
    expect(await matched({ place: { country: 'pt' }, roomType: 'entirePlace' })).toEqual([lisbon]);
    expect(await matched({ listingIds: [faro, others, 'lst_nonsense'] })).toEqual([faro]);
    const nothing = await call('PUT', '/v1/calendar', {
      body: { select: {}, ranges: [{ ...MAY, minNights: 3 }] },
    });
    expect([nothing.status, pointers(nothing.body)]).toEqual([422, ['/select']]);
  });
});

describe('the guide', () => {
  test('has examples that are true', async () => {
    const id = await createListing({ tags: ['beach'] });
    const guide = await readFile(new URL('../../../../docs/guides/calendar.md', import.meta.url), 'utf8');
    const examples = [...guide.matchAll(/```http\n(\w+) (\S+)\n([^`]*)```/g)];
    expect(examples.length).toBeGreaterThan(4);
    for (const [example, method, path, body] of examples) {
      const answer = await host(method!, path!.replace('{listingId}', id), body?.trim() ? { body } : {});
      expect(answer.status, `${example}\n${answer.text}`).toBe(200);
    }
    const reasons = [...guide.matchAll(/^\| `(\w+)` /gm)].map(([, reason]) => reason);
    expect(reasons.slice(1).sort()).toEqual([...REASONS].sort());
  });
});
