import { addDays } from '@sojourn/shared/nights';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, callerOf, newPerson } from '../../test/caller.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { contextOfProcess } from '../platform/context.ts';
import { newUuid, uuidOf } from '../platform/id.ts';
import { removeOldQuotes } from './service/remove-old-quotes.ts';

// 2027-05-03 is a Monday.
const STAY = { checkIn: '2027-05-03', checkOut: '2027-05-07', guests: 2 };
const LISTING = {
  title: 'A room',
  roomType: 'privateRoom',
  description: 'Quiet.',
  capacity: 3,
  location: { latitude: 38.72, longitude: -9.14, address: { city: 'Lisboa', country: 'PT' } },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 10_000, currency: 'EUR' },
  cleaningFee: { amount: 5_000, currency: 'EUR' },
  extraGuestFee: { amount: 1_000, currency: 'EUR' },
  includedGuests: 1,
  cancellationPolicy: 'moderate',
  instantBook: true,
  photos: [{ url: 'https://images.example.com/a.jpg' }],
};

let now = new Date('2027-03-01T12:00:00.000Z');
const pass = (milliseconds: number) => {
  now = new Date(now.getTime() + milliseconds);
};

let server: TestServer;
let anybody: Caller;
let admin: Caller;
let host: Caller;
beforeAll(async () => {
  server = await startTestServer({}, { clock: { now: () => now } });
  anybody = callerOf(server);
  admin = callerOf(server, server.credentials.admin.apiKey);
  host = callerOf(server, server.credentials.host.apiKey);
});
afterAll(() => server.stop());

async function publish(changes: object = {}): Promise<string> {
  const { body } = await host('POST', '/v1/listings', { body: { ...LISTING, ...changes } });
  await host('POST', `/v1/listings/${body.id}/publish`);
  return body.id;
}
const ask = (listingId: string, changes: object = {}, caller = anybody, headers = {}) =>
  caller('POST', '/v1/quotes', { body: { listingId, ...STAY, ...changes }, headers });

/** Nights that the host does not sell. */
const block = (listingId: string, from: string, to: string) =>
  server.resources.db
    .insertInto('occupied_nights')
    .values({
      id: newUuid(now),
      listing_id: uuidOf('lst', listingId)!,
      kind: 'block',
      nights: `[${from},${to})`,
    })
    .execute();

const eur = (amount: number) => ({ amount, currency: 'EUR' });

describe('a quote', () => {
  test('has every line, what comes back when, and until when it binds', async () => {
    const { status, body } = await ask(await publish());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      checkIn: STAY.checkIn,
      checkOut: STAY.checkOut,
      guests: 2,
      pets: 0,
      nights: 4,
      lineItems: [
        { kind: 'nights', quantity: 4, unitPrice: eur(10_000), amount: eur(40_000) },
        { kind: 'extraGuests', quantity: 4, unitPrice: eur(1_000), amount: eur(4_000) },
        { kind: 'cleaningFee', quantity: 1, unitPrice: eur(5_000), amount: eur(5_000) },
        { kind: 'serviceFee', quantity: 1, unitPrice: null, amount: eur(6_958) },
      ],
      subtotal: eur(49_000),
      total: eur(55_958),
      hostPayout: eur(47_530),
      includedTaxes: [],
      feeSchedule: { mode: 'split', hostFeeBps: 300, guestFeeBps: 1_420 },
      cancellationPolicy: { key: 'moderate', name: 'Moderate' },
      freeCancellationUntil: '2027-04-28T14:00:00.000Z',
      checkInAt: '2027-05-03T14:00:00.000Z',
      checkOutAt: '2027-05-07T10:00:00.000Z',
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + 15 * 60_000).toISOString(),
    });
    expect(body.nightlyPrices).toHaveLength(4);
    expect(body.refundSchedule).toEqual([
      { until: '2027-04-28T14:00:00.000Z', refund: eur(55_958) },
      { until: '2027-05-03T14:00:00.000Z', refund: eur(18_375) },
      { until: '2027-05-03T23:00:00.000Z', refund: eur(16_500) },
      { until: '2027-05-04T23:00:00.000Z', refund: eur(11_000) },
      { until: '2027-05-05T23:00:00.000Z', refund: eur(5_500) },
      { until: '2027-05-07T10:00:00.000Z', refund: eur(0) },
    ]);
  });

  test("takes the host's prices and rules of the dates from the calendar", async () => {
    const listingId = await publish({ weekendPrice: eur(12_000) });
    const id = uuidOf('lst', listingId)!;
    await sql`insert into seasons (id, listing_id, name, dates, price)
      values (${newUuid(now)}, ${id}, 'May', '[2027-05-04,2027-05-06)', 20000)`.execute(server.resources.db);
    await sql`insert into calendar_settings (listing_id, dates, price)
      values (${id}, '[2027-05-05,2027-05-06)', 30000)`.execute(server.resources.db);
    const { body } = await ask(listingId, { checkOut: '2027-05-08' });
    expect(body.nightlyPrices.map(({ price }: { price: { amount: number } }) => price.amount)).toEqual([
      10_000, 20_000, 30_000, 10_000, 12_000,
    ]);
    expect(body.lineItems[0]).toMatchObject({ unitPrice: null, amount: eur(82_000) });
  });

  test('is read back as it was, whatever changed meanwhile', async () => {
    const listingId = await publish();
    const { body: quote } = await ask(listingId);
    await host('PATCH', `/v1/listings/${listingId}`, { body: { basePrice: eur(99_900), cleaningFee: null } });
    pass(1_000);
    const fees = { name: 'Host pays', mode: 'hostOnly', hostFeeBps: 1_550, guestFeeBps: 0 };
    await admin('POST', '/v1/admin/fee-schedules', { body: { ...fees, reason: 'A test.' } });
    const tax = { name: 'City tax', country: 'PT', kind: 'perGuestNight', amount: eur(400) };
    const { body: rule } = await admin('POST', '/v1/admin/tax-rules', {
      body: { ...tax, reason: 'A test.' },
    });
    expect((await anybody('GET', `/v1/quotes/${quote.id}`)).body).toEqual(quote);

    const { body: next } = await ask(listingId);
    expect(next).toMatchObject({
      subtotal: eur(403_600),
      total: eur(406_800),
      hostPayout: eur(341_042),
      feeSchedule: { name: 'Host pays', mode: 'hostOnly' },
    });
    pass(1_000);
    await admin('POST', `/v1/admin/tax-rules/${rule.id}/end`, { body: { reason: 'The test is over.' } });
    const split = { name: 'Standard', mode: 'split', hostFeeBps: 300, guestFeeBps: 1_420 };
    await admin('POST', '/v1/admin/fee-schedules', { body: { ...split, reason: 'The test is over.' } });
    expect((await ask(listingId)).body.total).toEqual(eur(460_911));
  });

  test('is made once for one idempotency key', async () => {
    const listingId = await publish();
    const headers = { 'Idempotency-Key': 'a-quote' };
    const { call } = await newPerson(server);
    const [first, second] = [
      await ask(listingId, {}, call, headers),
      await ask(listingId, {}, call, headers),
    ];
    expect([first.status, second.status, second.headers.get('idempotent-replayed')]).toEqual([
      201,
      201,
      'true',
    ]);
    expect(second.body).toEqual(first.body);
  });

  test('of a non-refundable rate costs less and gives nothing back', async () => {
    const listingId = await publish({ nonRefundableDiscountPercent: 10 });
    const { body } = await ask(listingId, { nonRefundable: true });
    expect(body).toMatchObject({
      nonRefundable: true,
      subtotal: eur(45_000),
      cancellationPolicy: { key: 'nonRefundable' },
      freeCancellationUntil: null,
      refundSchedule: [{ refund: eur(0), until: body.checkOutAt }],
    });
  });

  test('of a long stay goes by the policy for long stays', async () => {
    const { body } = await ask(await publish({ longStayPolicy: 'strictLongTerm' }), {
      checkOut: '2027-06-07',
    });
    expect(body).toMatchObject({ nights: 35, cancellationPolicy: { key: 'strictLongTerm' } });
    expect(body.freeCancellationUntil).toBe(new Date(now.getTime() + 48 * 3_600_000).toISOString());
  });
});

describe('who reads a quote', () => {
  test('anybody with its id, when it was made for nobody', async () => {
    const { body } = await ask(await publish());
    const { call } = await newPerson(server);
    expect((await call('GET', `/v1/quotes/${body.id}`)).body).toEqual(body);
  });
  test('else its guest, the host and staff', async () => {
    const [guest, stranger] = [await newPerson(server), await newPerson(server)];
    const { body } = await ask(await publish(), {}, guest.call);
    for (const caller of [guest.call, host, admin])
      expect((await caller('GET', `/v1/quotes/${body.id}`)).body).toEqual(body);
    for (const caller of [stranger.call, anybody]) {
      const answer = await caller('GET', `/v1/quotes/${body.id}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'quote_not_found']);
    }
    expect((await anybody('GET', '/v1/quotes/qte_nonsense')).body.code).toBe('quote_not_found');
  });
});

describe('a stay that cannot be booked', () => {
  test('is refused with all the reasons, and the nearest that can be booked', async () => {
    const listingId = await publish({ minNights: 5 });
    await block(listingId, '2027-05-04', '2027-05-06');
    const { status, body } = await ask(listingId, { guests: 3 });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'not_bookable',
      reasons: [
        { code: 'nights_taken', detail: 'Not free: 2027-05-04, 2027-05-05.' },
        { code: 'min_nights', detail: 'Stays from 2027-05-03 have at least 5 nights.' },
      ],
    });
    expect(body.alternatives.map(({ checkIn }: { checkIn: string }) => checkIn)).toEqual([
      '2027-05-06',
      '2027-04-29',
      '2027-05-07',
    ]);
    const [{ checkIn, checkOut, total }] = body.alternatives;
    expect((await ask(listingId, { guests: 3, checkIn, checkOut })).body.total).toEqual(total);
  });

  test('every reason has its own code', async () => {
    const listingId = await publish({
      houseRules: { pets: false },
      maxNights: 3,
      bookingWindowDays: 30,
      advanceNoticeHours: 2_400,
    });
    const id = uuidOf('lst', listingId)!;
    await sql`insert into calendar_settings (listing_id, dates, closed_to_arrival, closed_to_departure)
      values (${id}, '[2027-05-03,2027-05-08)', true, true)`.execute(server.resources.db);
    await block(listingId, '2027-05-06', '2027-05-09');
    await host('POST', `/v1/listings/${listingId}/pause`);
    const { body } = await ask(listingId, { guests: 9, pets: 1, nonRefundable: true });
    expect(body.reasons.map(({ code }: { code: string }) => code)).toEqual([
      'listing_not_published',
      'advance_notice',
      'beyond_booking_window',
      'too_many_guests',
      'pets_not_allowed',
      'nights_taken',
      'max_nights',
      'closed_to_arrival',
      'closed_to_departure',
      'non_refundable_not_offered',
    ]);
    const past = await ask(listingId, { checkIn: '2027-01-01', checkOut: '2027-01-02' });
    expect(past.body.reasons.map(({ code }: { code: string }) => code)).toEqual([
      'listing_not_published',
      'past',
    ]);
  });

  test('in a listing that guests do not know of is like one that is not there', async () => {
    const { body: draft } = await host('POST', '/v1/listings', { body: LISTING });
    for (const listingId of [draft.id, 'lst_01k9q2v7n8e6xrd5w3m4h1t0zb', 'nonsense'])
      expect((await ask(listingId)).body.code).toBe('listing_not_found');
  });

  test('whose dates make no sense is told which', async () => {
    const listingId = await publish();
    const pointers = async (changes: object) =>
      (await ask(listingId, changes)).body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(await pointers({ checkOut: STAY.checkIn })).toEqual(['/checkOut']);
    expect(await pointers({ checkOut: addDays(STAY.checkIn, 1_126) })).toEqual(['/checkOut']);
    expect(await pointers({ checkIn: '2027-02-30', guests: 0, price: 1 })).toEqual([
      '/checkIn',
      '/guests',
      '/price',
    ]);
  });
});

test('a quote is kept for a week after it expired', async () => {
  const { body } = await ask(await publish());
  const ctx = contextOfProcess(server.resources, null);
  const shown = async () => {
    await removeOldQuotes(ctx, new AbortController().signal);
    return (await anybody('GET', `/v1/quotes/${body.id}`)).status;
  };
  pass(15 * 60_000 + 7 * 86_400_000);
  expect(await shown()).toBe(200);
  pass(1);
  expect(await shown()).toBe(404);
});

test('no answer breaks its contract', () => expect(server.breaches).toEqual([]));
