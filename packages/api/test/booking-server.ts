import {
  completeStays,
  expireAlterations,
  expireHolds,
  expireRequests,
} from '../src/bookings/service/run-clock.ts';
import { standingOf } from '../src/ledger/service/allocate.ts';
import { contextOfProcess } from '../src/platform/context.ts';
import { uuidOf } from '../src/platform/id.ts';
import { type Caller, callerOf, newPerson } from './caller.ts';
import { startTestServer } from './server.ts';
import { controlStripe, workOff } from './work-off.ts';

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
export async function startBookingServer(settings: Record<string, string> = {}) {
  const clock = { at: new Date('2027-03-01T10:00:00Z'), now: () => clock.at };
  const server = await startTestServer(
    {
      RATE_LIMIT_SIGN_IN_PER_MINUTE: '6000000',
      RATE_LIMIT_PER_MINUTE: '6000000',
      REQUIRE_PHOTOS: 'false',
      ...settings,
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
          'notifications:read',
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

  async function pay(call: Caller, { id }: { id: string }, paymentMethod = 'pm_card_visa') {
    const answer = await call('POST', `/v1/bookings/${id}/payment/confirm`, { body: { paymentMethod } });
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
    /** Lets workers do all that there is to do by now, and Stripe tell all that happened there. */
    work: () => workOff(server, ctx),
    /** Whose the money for a booking is, as the ledger has it. */
    standing: ({ id }: { id: string }) => standingOf(ctx.db, uuidOf('bkg', id)!),
    /** What the ledger says that there is at Stripe, less what is there: nothing, once all is quiet. */
    async missing(): Promise<Record<string, number>> {
      const { available, pending } = await ctx.stripe.client.balance.retrieve();
      const rows = await server.resources.db
        .selectFrom('ledger_postings')
        .select(['currency', ({ fn }) => fn.sum<number>('amount').as('amount')])
        .where('account', '=', 'stripeBalance')
        .groupBy('currency')
        .execute();
      const missing: Record<string, number> = {};
      for (const { currency, amount } of rows) missing[currency] = Number(amount);
      for (const { currency, amount } of [...available, ...pending])
        missing[currency.toUpperCase()] = (missing[currency.toUpperCase()] ?? 0) - amount;
      return Object.fromEntries(Object.entries(missing).filter(([, amount]) => amount !== 0));
    },
    /** Turns something at the emulator of Stripe, such as `charges/ch_…/dispute`. */
    controlStripe: (path: string, body?: Parameters<typeof controlStripe>[2]) =>
      controlStripe(server, path, body),
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
