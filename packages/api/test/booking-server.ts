import {
  completeStays,
  expireAlterations,
  expireHolds,
  expireRequests,
} from '../src/bookings/service/run-clock.ts';
import { contextOfProcess } from '../src/platform/context.ts';
import { type Caller, callerOf, newPerson } from './caller.ts';
import { startTestServer } from './server.ts';

const HOME = {
  title: 'Sunny loft',
  roomType: 'entirePlace',
  description: 'Quiet.',
  capacity: 4,
  location: {
    latitude: 38.7123,
    longitude: -9.1448,
    address: { line1: 'Rua da Rosa 12', city: 'Lisboa', postalCode: '1200-386', country: 'PT' },
  },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 10_000, currency: 'EUR' },
  cleaningFee: { amount: 4_000, currency: 'EUR' },
  cancellationPolicy: 'moderate',
  instantBook: true,
};

export interface Stay {
  checkIn: string;
  checkOut: string;
  guests?: number;
}

/** The server without its worker, on a day of spring whose clock can be moved, with a host and a guest. */
export async function startBookingServer() {
  const clock = { at: new Date('2027-03-01T10:00:00Z'), now: () => clock.at };
  const server = await startTestServer(
    {
      RATE_LIMIT_SIGN_IN_PER_MINUTE: '6000000',
      RATE_LIMIT_PER_MINUTE: '6000000',
      REQUIRE_PHOTOS: 'false',
    },
    { clock },
  );
  const ctx = contextOfProcess(server.resources, null);
  const host = callerOf(server, server.credentials.host.apiKey);
  const admin = callerOf(server, server.credentials.admin.apiKey);
  const signal = new AbortController().signal;

  /** Somebody with an API key, which does not expire when the clock is moved. */
  async function person(): Promise<{ id: string; call: Caller }> {
    const { id, call } = await newPerson(server);
    const { body } = await call('POST', '/v1/api-keys', {
      body: {
        name: 'tests',
        scopes: [
          'listings:read',
          'listings:write',
          'bookings:read',
          'bookings:write',
          'calendar:read',
          'calendar:write',
          'profile:read',
          'profile:write',
          'events:read',
        ],
      },
    });
    return { id, call: callerOf(server, body.key) };
  }

  async function home(over: Record<string, unknown> = {}, by: Caller = host): Promise<string> {
    const { body } = await by('POST', '/v1/listings', { body: { ...HOME, ...over } });
    const published = await by('POST', `/v1/listings/${body.id}/publish`);
    if (published.status !== 200) throw new Error(published.text);
    return body.id;
  }

  async function quote(call: Caller, listingId: string, stay: Stay) {
    const answer = await call('POST', '/v1/quotes', { body: { listingId, guests: 2, ...stay } });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  }

  async function hold(call: Caller, listingId: string, stay: Stay) {
    const { id } = await quote(call, listingId, stay);
    const answer = await call('POST', '/v1/bookings', { body: { quoteId: id } });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  }

  async function pay(call: Caller, { id }: { id: string }) {
    const answer = await call('POST', `/v1/bookings/${id}/payment/confirm`, {
      body: { paymentMethod: 'pm_card_visa' },
    });
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.body;
  }

  return {
    ...server,
    ctx,
    clock,
    host,
    admin,
    person,
    home,
    quote,
    hold,
    pay,
    /** What the clock ends, as the worker does it every few seconds. */
    async tick() {
      await expireHolds(ctx, signal);
      await expireRequests(ctx, signal);
      await expireAlterations(ctx, signal);
      await completeStays(ctx, signal);
    },
    /** The nights of a listing that are taken, each as `kind [from,to)`. */
    async taken(listingUuid: string): Promise<string[]> {
      const rows = await server.resources.db
        .selectFrom('occupied_nights')
        .select(['kind', 'nights'])
        .where('listing_id', '=', listingUuid)
        .orderBy('nights')
        .execute();
      return rows.map(({ kind, nights }) => `${kind} ${nights}`);
    },
  };
}
export type BookingServer = Awaited<ReturnType<typeof startBookingServer>>;
