import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BookingServer, startBookingServer } from '../../test/booking-server.ts';
import type { Caller } from '../../test/caller.ts';
import { uuidOf } from '../platform/id.ts';

const NOW = new Date('2027-03-01T10:00:00Z');
const STAY = { checkIn: '2027-05-01', checkOut: '2027-05-05' };
const HOUR_MS = 3_600_000;

let server: BookingServer;
let guest: { id: string; call: Caller };
beforeAll(async () => {
  server = await startBookingServer();
  guest = await server.person();
});
beforeEach(() => {
  server.clock.at = NOW;
});
afterAll(async () => {
  expect(server.breaches).toEqual([]);
  await server.stop();
});

const confirmed = async (over: Record<string, unknown> = {}) =>
  server.pay(guest.call, await server.hold(guest.call, await server.home(over), STAY));
const ask = (call: Caller, { id }: { id: string }, body: object) =>
  call('POST', `/v1/bookings/${id}/alterations`, { body });
const answer = (call: Caller, alteration: { id: string; bookingId: string }, verb: string) =>
  call('POST', `/v1/bookings/${alteration.bookingId}/alterations/${alteration.id}/${verb}`);
const read = async (call: Caller, { id }: { id: string }) => (await call('GET', `/v1/bookings/${id}`)).body;
const taken = (listingId: string) => server.taken(uuidOf('lst', listingId)!);
const setPrice = (listingId: string, amount: number) =>
  server.host('PATCH', `/v1/listings/${listingId}`, { body: { basePrice: { amount, currency: 'EUR' } } });

describe('a longer stay', () => {
  test('costs what its new nights cost now, and is charged when the host accepts', async () => {
    const booking = await confirmed();
    await setPrice(booking.listingId, 20_000);
    const { status, body: alteration } = await ask(guest.call, booking, {
      checkOut: '2027-05-07',
      message: 'Two more nights, please.',
    });
    expect(status).toBe(201);
    const nights = alteration.lineItems.find(({ kind }: { kind: string }) => kind === 'nights');
    expect(nights.amount.amount).toBe(4 * 10_000 + 2 * 20_000);
    expect(alteration).toMatchObject({
      status: 'pending',
      askedBy: 'guest',
      ...STAY,
      checkOut: '2027-05-07',
      expiresAt: '2027-03-03T10:00:00.000Z',
    });
    expect(alteration.newTotal.amount).toBe(booking.total.amount + alteration.priceDifference.amount);
    expect(await taken(booking.listingId)).toEqual(['booking [2027-05-01,2027-05-05)']);

    expect(await answer(guest.call, alteration, 'accept')).toMatchObject({ status: 403 });
    const accepted = await answer(server.host, alteration, 'accept');
    expect(accepted.body).toMatchObject({ status: 'awaitingPayment', answeredAt: null });
    expect(await read(guest.call, booking)).toMatchObject(STAY);
    await server.work();
    const { body: list } = await guest.call('GET', `/v1/bookings/${booking.id}/alterations`);
    expect(list.data).toMatchObject([{ status: 'accepted', answeredAt: NOW.toISOString() }]);
    const altered = await read(guest.call, booking);
    expect(altered).toMatchObject({
      status: 'confirmed',
      checkOut: '2027-05-07',
      nights: 6,
      total: alteration.newTotal,
      lineItems: alteration.lineItems,
      checkOutAt: '2027-05-07T10:00:00.000Z',
      payment: { status: 'succeeded', captured: alteration.newTotal },
    });
    expect(await taken(booking.listingId)).toEqual(['booking [2027-05-01,2027-05-07)']);
    expect(await answer(server.host, alteration, 'accept')).toMatchObject({
      status: 409,
      body: { code: 'alteration_state_conflict' },
    });
    // Both payments together give back what was paid for both.
    const cancelled = await guest.call('POST', `/v1/bookings/${booking.id}/cancel`, { body: {} });
    expect(cancelled.body.payment.refunded).toEqual(alteration.newTotal);
  });

  test('is not had when somebody takes the nights before it is accepted, and nothing is charged', async () => {
    const booking = await confirmed();
    const { body: alteration } = await ask(guest.call, booking, { checkOut: '2027-05-07' });
    const other = await server.person();
    await server.hold(other.call, booking.listingId, { checkIn: '2027-05-06', checkOut: '2027-05-08' });
    expect(await answer(server.host, alteration, 'accept')).toMatchObject({
      status: 409,
      body: { code: 'dates_unavailable' },
    });
    expect(await read(guest.call, booking)).toEqual(booking);
    await server.work();
    expect((await read(guest.call, booking)).payment.captured).toEqual(booking.total);
    expect(await ask(guest.call, booking, { checkOut: '2027-05-08' })).toMatchObject({
      status: 409,
      body: { code: 'alteration_pending' },
    });
    await answer(guest.call, alteration, 'withdraw');
    expect(await ask(guest.call, booking, { checkOut: '2027-05-08' })).toMatchObject({
      status: 409,
      body: { code: 'dates_unavailable' },
    });
  });
});

describe('a shorter or moved stay', () => {
  test('is given back what it costs less, and frees nights', async () => {
    const booking = await confirmed();
    const { body: alteration } = await ask(server.host, booking, { checkIn: '2027-05-03' });
    expect(alteration.askedBy).toBe('host');
    expect(alteration.priceDifference.amount).toBeLessThan(0);
    await answer(guest.call, alteration, 'accept');
    const altered = await read(guest.call, booking);
    expect(altered.payment.refunded.amount).toBe(-alteration.priceDifference.amount);
    expect(altered.total).toEqual(alteration.newTotal);
    expect(await taken(booking.listingId)).toEqual(['booking [2027-05-03,2027-05-05)']);
  });

  test('may overlap itself', async () => {
    const booking = await confirmed();
    const { body: alteration } = await ask(guest.call, booking, {
      checkIn: '2027-05-02',
      checkOut: '2027-05-06',
    });
    expect(alteration.priceDifference.amount).toBe(0);
    expect((await answer(server.host, alteration, 'accept')).status).toBe(200);
    expect(await taken(booking.listingId)).toEqual(['booking [2027-05-02,2027-05-06)']);
  });

  test('that has begun keeps its check-in', async () => {
    const booking = await confirmed();
    server.clock.at = new Date('2027-05-01T15:00:00Z');
    await guest.call('POST', `/v1/bookings/${booking.id}/check-in`);
    expect(await ask(guest.call, booking, { checkIn: '2027-05-02' })).toMatchObject({
      status: 422,
      body: { code: 'alteration_not_possible', errors: [{ pointer: '/checkIn', code: 'stay_began' }] },
    });
    const { body: alteration } = await ask(guest.call, booking, { checkOut: '2027-05-06' });
    expect(alteration.expiresAt).toBe('2027-05-03T15:00:00.000Z');
    expect((await answer(server.host, alteration, 'accept')).status).toBe(200);
    await server.work();
    expect(await read(guest.call, booking)).toMatchObject({ status: 'checkedIn', checkOut: '2027-05-06' });
  });
});

describe('an alteration', () => {
  test('goes by the fees and the policy of its booking', async () => {
    const booking = await confirmed();
    await server.host('PATCH', `/v1/listings/${booking.listingId}`, {
      body: { cancellationPolicy: 'strict' },
    });
    await server.admin('POST', '/v1/admin/fee-schedules', {
      body: { name: 'More', mode: 'split', hostFeeBps: 1_000, guestFeeBps: 2_000, reason: 'a test' },
    });
    server.clock.at = new Date(NOW.getTime() + HOUR_MS);
    const { body: alteration } = await ask(guest.call, booking, { guests: 3 });
    expect(alteration.priceDifference.amount).toBe(0);
    await answer(server.host, alteration, 'accept');
    expect(await read(guest.call, booking)).toMatchObject({ guests: 3, cancellationPolicy: 'moderate' });
  });

  test('is refused for what the home does not take, and for what is no alteration', async () => {
    const booking = await confirmed();
    const refused = async (body: object) => {
      const { status, body: problem } = await ask(guest.call, booking, body);
      return [status, problem.code, problem.errors?.map(({ pointer }: { pointer: string }) => pointer)];
    };
    expect(await refused({ guests: 5 })).toEqual([422, 'alteration_not_possible', ['/guests']]);
    expect(await refused({})).toEqual([422, 'alteration_not_possible', ['']]);
    expect(await refused({ checkOut: '2027-05-01' })).toEqual([
      422,
      'alteration_not_possible',
      ['/checkOut'],
    ]);
    expect(await refused({ checkIn: '2027-02-01' })).toEqual([422, 'alteration_not_possible', ['/checkIn']]);
    expect(await refused({ checkIn: '2027-02-30' })).toEqual([422, 'invalid_request', ['/checkIn']]);
    const held = await server.hold(guest.call, await server.home(), STAY);
    expect(await ask(guest.call, held, { guests: 3 })).toMatchObject({
      status: 409,
      body: { code: 'booking_state_conflict' },
    });
  });

  test('is answered by the other side, and withdrawn by the one that asked', async () => {
    const booking = await confirmed();
    const { body: first } = await ask(guest.call, booking, { guests: 3 });
    expect(await answer(server.host, first, 'withdraw')).toMatchObject({ status: 403 });
    expect((await answer(guest.call, first, 'withdraw')).body.status).toBe('withdrawn');
    server.clock.at = new Date(NOW.getTime() + HOUR_MS);
    const { body: second } = await ask(guest.call, booking, { guests: 1 });
    expect((await answer(server.host, second, 'decline')).body.status).toBe('declined');
    const { body: list } = await guest.call('GET', `/v1/bookings/${booking.id}/alterations`);
    expect(list.data.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      [second.id, 'declined'],
      [first.id, 'withdrawn'],
    ]);
    expect(await answer(guest.call, { ...second, id: 'alt_nothing' }, 'withdraw')).toMatchObject({
      status: 404,
      body: { code: 'alteration_not_found' },
    });
  });

  test('expires after two days, and with its booking', async () => {
    const booking = await confirmed();
    const { body: first } = await ask(guest.call, booking, { guests: 3 });
    server.clock.at = new Date(NOW.getTime() + 48 * HOUR_MS);
    expect(await answer(server.host, first, 'accept')).toMatchObject({
      status: 409,
      body: { code: 'alteration_state_conflict' },
    });
    const { body: second } = await ask(guest.call, booking, { guests: 1 });
    server.clock.at = new Date(NOW.getTime() + 97 * HOUR_MS);
    await server.tick();
    const { body: third } = await ask(guest.call, booking, { guests: 4 });
    await guest.call('POST', `/v1/bookings/${booking.id}/cancel`, { body: {} });
    const { body: list } = await guest.call('GET', `/v1/bookings/${booking.id}/alterations`);
    expect(list.data.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      [third.id, 'expired'],
      [second.id, 'expired'],
      [first.id, 'expired'],
    ]);
  });
});
