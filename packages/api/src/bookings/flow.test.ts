import { addDays } from '@sojourn/shared/nights';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BookingServer, startBookingServer } from '../../test/booking-server.ts';
import type { Caller } from '../../test/caller.ts';
import { publicId, uuidOf } from '../platform/id.ts';

const NOW = new Date('2027-03-01T10:00:00Z');
const STAY = { checkIn: '2027-05-01', checkOut: '2027-05-05' };
const DAY_MS = 86_400_000;

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

const wait = (milliseconds: number) => {
  server.clock.at = new Date(server.clock.at.getTime() + milliseconds);
};
const at = (instant: string | number) => {
  server.clock.at = new Date(instant);
};
const post = (call: Caller, { id }: { id: string }, verb: string, body?: unknown) =>
  call('POST', `/v1/bookings/${id}/${verb}`, body === undefined ? {} : { body });
const read = async (call: Caller, { id }: { id: string }) => (await call('GET', `/v1/bookings/${id}`)).body;
const taken = (listingId: string) => server.taken(uuidOf('lst', listingId)!);
const outboxOf = ({ id }: { id: string }) =>
  server.resources.db
    .selectFrom('outbox')
    .select(['type', 'actor'])
    .where('subject_id', '=', uuidOf('bkg', id)!)
    .orderBy('position')
    .execute();
const eventsOf = async (booking: { id: string }) => (await outboxOf(booking)).map(({ type }) => type);

describe('an instant booking', () => {
  test('costs what its quote says, is confirmed when paid, and then tells where the home is', async () => {
    const listingId = await server.home();
    const quote = await server.quote(guest.call, listingId, STAY);
    const { status, body: held } = await guest.call('POST', '/v1/bookings', {
      body: { quoteId: quote.id, message: 'We arrive late.' },
    });
    expect(status).toBe(201);
    expect(held).toMatchObject({
      status: 'held',
      listingId,
      guestId: guest.id,
      ...STAY,
      nights: 4,
      total: quote.total,
      lineItems: quote.lineItems,
      hostPayout: null,
      message: 'We arrive late.',
      checkInAt: '2027-05-01T14:00:00.000Z',
      checkOutAt: '2027-05-05T10:00:00.000Z',
      holdExpiresAt: '2027-03-01T10:15:00.000Z',
      address: null,
      payment: { status: 'requiresPaymentMethod', clientSecret: null },
    });
    expect(held.refundSchedule).toEqual(quote.refundSchedule);
    expect(await taken(listingId)).toEqual(['hold [2027-05-01,2027-05-05)']);
    expect(await read(guest.call, held)).toEqual(held);

    const confirmed = await server.pay(guest.call, held);
    expect(confirmed).toMatchObject({
      status: 'confirmed',
      confirmedAt: NOW.toISOString(),
      payment: { status: 'succeeded', captured: quote.total },
      address: { line1: 'Rua da Rosa 12', postalCode: '1200-386', latitude: 38.7123 },
      version: 2,
    });
    expect(confirmed.freeCancellationUntil).toBe('2027-04-26T14:00:00.000Z');
    expect(await taken(listingId)).toEqual(['booking [2027-05-01,2027-05-05)']);
    const seen = await read(server.host, held);
    expect(seen.hostPayout.amount).toBeGreaterThan(0);
    expect(await eventsOf(held)).toEqual(['booking.held', 'booking.confirmed', 'booking.settled']);
    const paid = await guest.call('GET', `/v1/bookings/${held.id}/payment`);
    expect(paid.body).toEqual({ ...confirmed.payment, refunds: [], shares: null });
  });

  test('is held in five statements and a commit', async () => {
    const { id } = await server.quote(guest.call, await server.home(), STAY);
    const query = vi.spyOn(pg.Client.prototype, 'query');
    try {
      await guest.call('POST', '/v1/bookings', { body: { quoteId: id } });
      const texts = query.mock.calls.map(([sent]) =>
        typeof sent === 'string' ? sent : (sent as { text: string }).text,
      );
      const begun = texts.indexOf('begin');
      expect(texts.slice(begun + 1, texts.indexOf('commit')).length).toBeLessThanOrEqual(5);
    } finally {
      query.mockRestore();
    }
  });

  test('paid twice is paid once', async () => {
    const held = await server.hold(guest.call, await server.home(), STAY);
    const once = await server.pay(guest.call, held);
    expect(await server.pay(guest.call, held)).toEqual(once);
  });

  test('is made once for one idempotency key, and once of one quote', async () => {
    const quote = await server.quote(guest.call, await server.home(), STAY);
    const request = { body: { quoteId: quote.id }, headers: { 'Idempotency-Key': 'one-stay' } };
    const first = await guest.call('POST', '/v1/bookings', request);
    const again = await guest.call('POST', '/v1/bookings', request);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    const second = await guest.call('POST', '/v1/bookings', { body: { quoteId: quote.id } });
    expect(second).toMatchObject({ status: 409, body: { code: 'quote_already_booked' } });
    expect(second.body.detail).toContain(first.body.id);
  });

  test('is refused for nights that are taken, to its own host, and where no bookings are taken any more', async () => {
    const listingId = await server.home();
    const [first, second, own, late] = [
      await server.quote(guest.call, listingId, STAY),
      await server.quote((await server.person()).call, listingId, {
        checkIn: '2027-05-04',
        checkOut: '2027-05-08',
      }),
      await server.quote(server.host, listingId, { checkIn: '2027-07-01', checkOut: '2027-07-03' }),
      await server.quote(guest.call, listingId, { checkIn: '2027-06-01', checkOut: '2027-06-03' }),
    ];
    const book = (call: Caller, { id }: { id: string }) =>
      call('POST', '/v1/bookings', { body: { quoteId: id } });
    expect((await book(guest.call, first)).status).toBe(201);
    expect(await book(guest.call, second)).toMatchObject({ status: 404, body: { code: 'quote_not_found' } });
    expect(await book(server.host, own)).toMatchObject({ status: 422, body: { code: 'own_listing' } });
    expect(await book(guest.call, { id: 'qte_nothing' })).toMatchObject({ status: 404 });
    await server.host('POST', `/v1/listings/${listingId}/pause`);
    expect(await book(guest.call, late)).toMatchObject({
      status: 409,
      body: { code: 'listing_not_bookable' },
    });
    wait(15 * 60_000);
    expect(await book(guest.call, late)).toMatchObject({ status: 409, body: { code: 'quote_expired' } });
  });

  test('that is declined by the bank may be paid with another card', async () => {
    const held = await server.hold(guest.call, await server.home(), STAY);
    const confirm = (paymentMethod: string) => post(guest.call, held, 'payment/confirm', { paymentMethod });
    expect(await confirm('pm_card_visa_chargeDeclined')).toMatchObject({
      status: 402,
      body: { code: 'payment_declined' },
    });
    expect(await confirm('pm_nothing')).toMatchObject({
      status: 422,
      body: { code: 'unknown_payment_method' },
    });
    expect((await read(guest.call, held)).status).toBe('held');
    expect((await confirm('pm_card_visa')).body.status).toBe('confirmed');
    expect(await post(server.host, held, 'payment/confirm', { paymentMethod: 'pm_card_visa' })).toMatchObject(
      {
        status: 403,
        body: { code: 'not_your_part' },
      },
    );
  });
});

describe('a hold that is not paid', () => {
  test('expires, and its nights are free', async () => {
    const listingId = await server.home();
    const held = await server.hold(guest.call, listingId, STAY);
    wait(15 * 60_000 - 1);
    await server.tick();
    expect((await read(guest.call, held)).status).toBe('held');
    wait(1);
    await server.tick();
    expect(await read(guest.call, held)).toMatchObject({
      status: 'expired',
      payment: { status: 'cancelled' },
    });
    expect(await taken(listingId)).toEqual([]);
    expect(await eventsOf(held)).toEqual(['booking.held', 'booking.expired']);
  });

  test('does not stand in the way although nobody has ended it yet', async () => {
    const listingId = await server.home();
    const other = await server.person();
    wait(-60_000);
    const held = await server.hold(guest.call, listingId, STAY);
    wait(60_000);
    const quote = await server.resources.db
      .selectFrom('quotes')
      .selectAll()
      .where('id', '=', uuidOf('qte', held.quoteId)!)
      .executeTakeFirstOrThrow();
    // A quote is refused while the nights are taken: one like the first is laid beside it, as if both had asked at once.
    const quoteId = '01990000-0000-7000-8000-000000000001';
    await server.resources.db
      .insertInto('quotes')
      .values({
        ...quote,
        id: quoteId,
        guest_id: uuidOf('usr', other.id)!,
        terms: JSON.stringify(quote.terms),
        expires_at: new Date(NOW.getTime() + DAY_MS),
      })
      .execute();
    const book = () => other.call('POST', '/v1/bookings', { body: { quoteId: publicId('qte', quoteId) } });
    expect(await book()).toMatchObject({ status: 409, body: { code: 'dates_unavailable' } });
    wait(14 * 60_000);
    expect(await book()).toMatchObject({ status: 201 });
    expect((await read(guest.call, held)).status).toBe('expired');
    // The first guest is not told who came after.
    expect((await outboxOf(held)).at(-1)).toEqual({ type: 'booking.expired', actor: null });
    const late = await post(guest.call, held, 'payment/confirm', { paymentMethod: 'pm_card_visa' });
    expect(late).toMatchObject({ status: 409, body: { code: 'dates_unavailable' } });
    expect((await read(guest.call, held)).payment.captured.amount).toBe(0);
  });

  test('goes through when it is paid late and the nights are free, and not after an hour', async () => {
    const listingId = await server.home();
    const [first, second] = [
      await server.hold(guest.call, listingId, STAY),
      await server.hold(guest.call, listingId, { checkIn: '2027-06-01', checkOut: '2027-06-03' }),
    ];
    wait(20 * 60_000);
    await server.tick();
    expect(
      await post(guest.call, first, 'payment/confirm', { paymentMethod: 'pm_card_chargeDeclined' }),
    ).toMatchObject({ status: 402 });
    expect(await taken(listingId)).toEqual([]);
    expect(await server.pay(guest.call, first)).toMatchObject({
      status: 'confirmed',
      endedAt: null,
      payment: { status: 'succeeded' },
    });
    wait(55 * 60_000);
    expect(
      await post(guest.call, second, 'payment/confirm', { paymentMethod: 'pm_card_visa' }),
    ).toMatchObject({ status: 409, body: { code: 'hold_expired' } });
  });
});

describe('a request', () => {
  let listingId: string;
  beforeAll(async () => {
    listingId = await server.home({ instantBook: false });
  });
  const request = async (stay: { checkIn: string; checkOut: string }) =>
    server.pay(guest.call, await server.hold(guest.call, listingId, stay));

  test('is reserved when paid, and charged a moment after it is accepted', async () => {
    const requested = await request(STAY);
    expect(requested).toMatchObject({
      status: 'requested',
      respondBy: '2027-03-02T10:00:00.000Z',
      address: null,
      payment: { status: 'requiresCapture', captured: { amount: 0 } },
    });
    expect(await post(guest.call, requested, 'accept')).toMatchObject({ status: 403 });
    const accepted = await post(server.host, requested, 'accept');
    expect(accepted.body).toMatchObject({ status: 'confirmed', payment: { status: 'processing' } });
    expect((await read(guest.call, requested)).address.line1).toBe('Rua da Rosa 12');
    expect(await post(server.host, requested, 'accept')).toMatchObject({
      status: 409,
      body: { code: 'booking_state_conflict' },
    });
  });

  test('that is declined charges nothing and frees the nights', async () => {
    const requested = await request({ checkIn: '2027-06-01', checkOut: '2027-06-03' });
    const declined = await post(server.host, requested, 'decline', { reason: 'The heating is broken.' });
    expect(declined.body).toMatchObject({
      status: 'declined',
      declineReason: 'The heating is broken.',
      payment: { status: 'cancelled', captured: { amount: 0 } },
    });
    expect((await taken(listingId)).filter((nights) => nights.includes('2027-06'))).toEqual([]);
  });

  test('that nobody answers expires after a day, and cannot be accepted even before that is written down', async () => {
    const requested = await request({ checkIn: '2027-07-01', checkOut: '2027-07-03' });
    wait(DAY_MS);
    expect(await post(server.host, requested, 'accept')).toMatchObject({ status: 409 });
    await server.tick();
    expect(await read(guest.call, requested)).toMatchObject({
      status: 'expired',
      payment: { status: 'cancelled' },
    });
    expect(
      await post(guest.call, requested, 'payment/confirm', { paymentMethod: 'pm_card_visa' }),
    ).toMatchObject({
      status: 409,
      body: { code: 'booking_state_conflict' },
    });
  });

  test('for soon is answered before the check-in', async () => {
    at('2027-07-31T20:00:00Z');
    const requested = await request({ checkIn: '2027-08-01', checkOut: '2027-08-03' });
    expect(requested.respondBy).toBe('2027-08-01T14:00:00.000Z');
  });
});

describe('a cancellation', () => {
  const confirmed = async (over: Record<string, unknown> = {}) =>
    server.pay(guest.call, await server.hold(guest.call, await server.home(over), STAY));

  test('by the guest gives what the preview and the schedule say, at every boundary', async () => {
    const instants = (await confirmed()).refundSchedule.flatMap(({ until }: { until: string }) => {
      const time = Date.parse(until);
      return [time - 1_000, time, time + 1_000];
    });
    for (const instant of instants) {
      at(NOW.getTime());
      const booking = await confirmed();
      const expected =
        booking.refundSchedule.find(({ until }: { until: string }) => Date.parse(until) > instant)?.refund
          .amount ?? 0;
      at(instant);
      const preview = await guest.call('GET', `/v1/bookings/${booking.id}/cancellation-preview`);
      if (Date.parse(booking.checkOutAt) <= instant) {
        expect(preview.status).toBe(409);
        continue;
      }
      expect(preview.body.refund.amount).toBe(expected);
      const cancelled = await post(guest.call, booking, 'cancel', { reason: 'Our flight was cancelled.' });
      expect(cancelled.body).toMatchObject({
        status: 'cancelled',
        cancellation: { by: 'guest', refund: preview.body.refund, lines: preview.body.lines, penalty: null },
        payment: { refunded: preview.body.refund },
        address: null,
        refundSchedule: [],
      });
      const forHost = await read(server.host, booking);
      expect(forHost.cancellation.hostKeeps).toEqual(preview.body.hostKeeps);
      expect(await taken(booking.listingId)).toEqual([]);
    }
  });

  test('by the host gives everything back, blocks the nights and notes a penalty', async () => {
    const booking = await confirmed();
    at('2027-04-28T00:00:00Z');
    const cancelled = await post(server.host, booking, 'cancel', { reason: 'The roof leaks.' });
    expect(cancelled.body).toMatchObject({
      status: 'cancelled',
      cancellation: { by: 'host', refund: booking.total, hostKeeps: { amount: 0 } },
      payment: { refunded: booking.total },
    });
    expect(cancelled.body.cancellation.penalty.amount).toBe(11_000);
    expect(await taken(booking.listingId)).toEqual(['block [2027-05-01,2027-05-05)']);
  });

  test('by an admin has a reason, and may cost what the admin decides', async () => {
    const booking = await confirmed();
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    expect(await post(server.admin, booking, 'cancel', {})).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/reason' }] },
    });
    expect(await post(guest.call, booking, 'cancel', { refund: eur(1) })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/refund' }] },
    });
    expect(
      await post(server.admin, booking, 'cancel', {
        reason: 'A storm.',
        refund: eur(booking.total.amount + 1),
      }),
    ).toMatchObject({ status: 422, body: { errors: [{ pointer: '/refund/amount' }] } });
    const cancelled = await post(server.admin, booking, 'cancel', {
      reason: 'A storm.',
      refund: eur(20_000),
      penalty: eur(500),
    });
    expect(cancelled.body.cancellation).toMatchObject({
      by: 'admin',
      refund: eur(20_000),
      penalty: eur(500),
    });
    expect(await taken(booking.listingId)).toEqual([]);
  });

  test('of what is only held gives the nights up and nothing else', async () => {
    const held = await server.hold(guest.call, await server.home(), STAY);
    const cancelled = await post(guest.call, held, 'cancel', {});
    expect(cancelled.body).toMatchObject({
      status: 'cancelled',
      cancellation: { refund: { amount: 0 } },
      payment: { status: 'cancelled' },
    });
    expect(await taken(held.listingId)).toEqual([]);
  });
});

describe('a stay', () => {
  test('is checked in from its day on, and checked out; what is left of the nights is free', async () => {
    const booking = await server.pay(guest.call, await server.hold(guest.call, await server.home(), STAY));
    at('2027-04-30T22:59:59Z');
    expect(await post(guest.call, booking, 'check-in')).toMatchObject({
      status: 409,
      body: { code: 'too_early' },
    });
    at('2027-04-30T23:00:00Z');
    expect((await post(guest.call, booking, 'check-in')).body.status).toBe('checkedIn');
    at('2027-05-03T09:00:00Z');
    expect((await post(server.host, booking, 'check-out')).body).toMatchObject({
      status: 'completed',
      checkedOutAt: '2027-05-03T09:00:00.000Z',
    });
    expect(await taken(booking.listingId)).toEqual([]);
  });

  test('keeps the nights after it free for preparing the home, also when it is over', async () => {
    const listingId = await server.home({ preparationNights: 2 });
    const booking = await server.pay(guest.call, await server.hold(guest.call, listingId, STAY));
    at('2027-05-05T10:00:00Z');
    await server.tick();
    expect((await read(guest.call, booking)).status).toBe('completed');
    const tonight = { listingId, checkIn: '2027-05-06', checkOut: '2027-05-08', guests: 2 };
    expect(await guest.call('POST', '/v1/quotes', { body: tonight })).toMatchObject({
      status: 422,
      body: { reasons: [{ code: 'preparation' }] },
    });
    await server.quote(guest.call, listingId, { ...tonight, checkIn: '2027-05-07' });
  });

  test('that the guest misses is told by the host, after the check-in time', async () => {
    const booking = await server.pay(guest.call, await server.hold(guest.call, await server.home(), STAY));
    at('2027-05-01T13:59:59Z');
    expect(await post(server.host, booking, 'no-show')).toMatchObject({
      status: 409,
      body: { code: 'too_early' },
    });
    at('2027-05-01T14:00:00Z');
    expect(await post(guest.call, booking, 'no-show')).toMatchObject({ status: 403 });
    expect((await post(server.host, booking, 'no-show')).body.status).toBe('noShow');
    expect(await taken(booking.listingId)).toEqual([]);
  });

  test('completes by itself at its check-out time, however far the clock jumps', async () => {
    const booking = await server.pay(guest.call, await server.hold(guest.call, await server.home(), STAY));
    at('2027-05-05T09:59:59Z');
    await server.tick();
    expect((await read(guest.call, booking)).status).toBe('confirmed');
    at('2029-05-05T10:00:00Z');
    expect(await post(guest.call, booking, 'cancel', {})).toMatchObject({ status: 409 });
    await server.tick();
    expect((await read(guest.call, booking)).status).toBe('completed');
    expect(await eventsOf(booking)).toEqual([
      'booking.held',
      'booking.confirmed',
      'booking.settled',
      'booking.completed',
    ]);
  });
});

describe('what others see', () => {
  test('a booking does not exist for who has no part in it; staff may read it', async () => {
    const held = await server.hold(guest.call, await server.home(), STAY);
    const stranger = await server.person();
    for (const path of ['', '/payment', '/cancellation-preview', '/alterations'])
      expect(await stranger.call('GET', `/v1/bookings/${held.id}${path}`)).toMatchObject({
        status: 404,
        body: { code: 'booking_not_found' },
      });
    expect((await read(server.admin, held)).hostPayout).not.toBeNull();
  });

  test('each side lists its own', async () => {
    const owner = await server.person();
    const listingId = await server.home({}, owner.call);
    const visitor = await server.person();
    const made = [];
    for (const checkIn of ['2027-05-01', '2027-05-05', '2027-05-09']) {
      wait(1_000);
      made.push(await server.hold(visitor.call, listingId, { checkIn, checkOut: addDays(checkIn, 2) }));
    }
    const ids = made.map(({ id }) => id).toReversed();
    const idsOf = async (call: Caller, query: string) =>
      (await call('GET', `/v1/bookings${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await idsOf(visitor.call, '')).toEqual(ids);
    expect(await idsOf(visitor.call, '?role=host')).toEqual([]);
    expect(await idsOf(owner.call, `?role=host&listingId=${listingId}&status=held`)).toEqual(ids);
    expect(await idsOf(owner.call, '?role=host&status=confirmed')).toEqual([]);
    const page = await visitor.call('GET', '/v1/bookings?limit=2');
    expect(page.body.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect(await idsOf(visitor.call, `?limit=2&cursor=${page.body.nextCursor}`)).toEqual(ids.slice(2));
    const exported = await visitor.call('GET', '/v1/me/export');
    expect(exported.body.bookings.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
  });

  test('no event tells where the home is or what people wrote', async () => {
    const quote = await server.quote(guest.call, await server.home(), STAY);
    const { body: held } = await guest.call('POST', '/v1/bookings', {
      body: { quoteId: quote.id, message: 'a secret message' },
    });
    await server.pay(guest.call, held);
    const events = await server.resources.db.selectFrom('outbox').select('data').execute();
    expect(JSON.stringify(events)).not.toMatch(/Rua da Rosa|1200-386|38\.7123|secret message/);
  });
});

describe('what is needed for a booking', () => {
  test('is not removed: its listing, its guest and its host', async () => {
    const owner = await server.person();
    const listingId = await server.home({}, owner.call);
    const visitor = await server.person();
    const held = await server.hold(visitor.call, listingId, STAY);
    await owner.call('POST', `/v1/listings/${listingId}/archive`);
    expect(await owner.call('DELETE', `/v1/listings/${listingId}`)).toMatchObject({
      status: 409,
      body: { code: 'listing_state_conflict' },
    });
    const close = ({ call }: { call: Caller }) =>
      call('DELETE', '/v1/me', { body: { password: 'harbour-lantern-42' } });
    expect(await close(owner)).toMatchObject({ status: 409, body: { code: 'account_in_use' } });
    expect(await close(visitor)).toMatchObject({ status: 409, body: { code: 'account_in_use' } });
    await post(visitor.call, held, 'cancel', {});
    expect((await close(visitor)).status).toBe(204);
    expect((await close(owner)).status).toBe(204);
  });
});
