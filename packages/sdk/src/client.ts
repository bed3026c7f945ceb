import { type ApiPromise, apiPromise } from './answer.ts';
import { callForData, callForStream } from './call.ts';
import type { AnswerAt, ArgumentsOf, Caller, PathOf } from './contract.ts';
import type { paths } from './generated/openapi.ts';
import { parseLines } from './ndjson.ts';
import type { CallInput, ClientOptions, Method, RequestOptions } from './options.ts';
import { Admin } from './resources/admin.ts';
import { ApiKeys } from './resources/api-keys.ts';
import { Auth } from './resources/auth.ts';
import { Balance } from './resources/balance.ts';
import { Blocks } from './resources/blocks.ts';
import { Bookings } from './resources/bookings.ts';
import { Calendar } from './resources/calendar.ts';
import { CalendarExport } from './resources/calendar-export.ts';
import { CalendarFeeds } from './resources/calendar-feeds.ts';
import { Events } from './resources/events.ts';
import { Listings } from './resources/listings.ts';
import { Me } from './resources/me.ts';
import { Meta } from './resources/meta.ts';
import { NotificationPreferences } from './resources/notification-preferences.ts';
import { Notifications } from './resources/notifications.ts';
import { PayoutAccount } from './resources/payout-account.ts';
import { Payouts } from './resources/payouts.ts';
import { Quotes } from './resources/quotes.ts';
import { Search } from './resources/search.ts';
import { Seasons } from './resources/seasons.ts';
import { Sessions } from './resources/sessions.ts';
import { Users } from './resources/users.ts';
import { WebhookEndpoints } from './resources/webhook-endpoints.ts';
import { resolveOptions, type Settings } from './settings.ts';

/**
 * A client of one Sojourn server. It keeps its connections open between calls, so make one and share it.
 *
 * ```ts
 * const sojourn = new Sojourn({ apiKey: process.env.SOJOURN_API_KEY, baseUrl: 'http://localhost:4000' });
 * for await (const stay of sojourn.search.list({ near: '40.71,-74.00', radiusKm: 5, guests: 2 })) {
 *   console.log(stay.title, stay.distanceKm);
 * }
 * ```
 *
 * Every call may fail with an `ApiError` (the server said no; branch on its `code`), a `ConnectionError`, a
 * `TimeoutError` or an `AbortError`. What may pass by itself has then been tried again `maxRetries` times.
 */
export class Sojourn {
  readonly #settings: Settings;
  readonly auth: Auth;
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
  readonly me: Me;
  readonly users: Users;
  readonly listings: Listings;
  readonly calendar: Calendar;
  readonly seasons: Seasons;
  readonly blocks: Blocks;
  readonly calendarFeeds: CalendarFeeds;
  readonly calendarExport: CalendarExport;
  readonly search: Search;
  readonly quotes: Quotes;
  readonly bookings: Bookings;
  readonly payouts: Payouts;
  readonly payoutAccount: PayoutAccount;
  readonly balance: Balance;
  readonly notifications: Notifications;
  readonly notificationPreferences: NotificationPreferences;
  readonly events: Events;
  readonly admin: Admin;
  readonly webhookEndpoints: WebhookEndpoints;
  readonly meta: Meta;

  /** Fails with a `SojournError` when an option is wrong. Nothing is sent yet. */
  constructor(options: ClientOptions) {
    this.#settings = resolveOptions(options);
    const caller = callerOf(this.#settings);
    this.auth = new Auth(caller);
    this.sessions = new Sessions(caller);
    this.apiKeys = new ApiKeys(caller);
    this.me = new Me(caller);
    this.users = new Users(caller);
    this.listings = new Listings(caller);
    this.calendar = new Calendar(caller);
    this.seasons = new Seasons(caller);
    this.blocks = new Blocks(caller);
    this.calendarFeeds = new CalendarFeeds(caller);
    this.calendarExport = new CalendarExport(caller);
    this.search = new Search(caller);
    this.quotes = new Quotes(caller);
    this.bookings = new Bookings(caller);
    this.payouts = new Payouts(caller);
    this.payoutAccount = new PayoutAccount(caller);
    this.balance = new Balance(caller);
    this.notifications = new Notifications(caller);
    this.notificationPreferences = new NotificationPreferences(caller);
    this.events = new Events(caller);
    this.admin = new Admin(caller);
    this.webhookEndpoints = new WebhookEndpoints(caller);
    this.meta = new Meta(caller);
  }

  /**
   * Calls any operation by method and path: typed by the document when the path is one of its templates, else as told.
   *
   * ```ts
   * const listing = await sojourn.request('GET', '/v1/listings/{listingId}', { path: { listingId } });
   * const news = await sojourn.request<{ items: string[] }>('GET', '/v1/something-newer', { query: { limit: 5 } });
   * ```
   *
   * An answer that is not JSON is given as text.
   */
  request<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...args: ArgumentsOf<M, P>
  ): ApiPromise<AnswerAt<M, P>>;
  request<T = unknown, P extends string = string>(
    method: Method,
    path: P extends keyof paths ? never : P,
    input?: CallInput,
    options?: RequestOptions,
  ): ApiPromise<T>;
  request(method: Method, path: string, input?: CallInput, options?: RequestOptions): ApiPromise<unknown> {
    return apiPromise(callForData(this.#settings, { method, path, input, options, text: true }));
  }

  /** Waits for running calls, then closes the connections. A process may also end without: idle connections do not hold it. */
  close(): Promise<void> {
    return this.#settings.close();
  }
}

// The resources get functions, not the client: nothing of them knows it, and nothing they show holds a secret. The types
// of `Caller` tie each path to its input and answer; behind them all calls are the same.
const callerOf = (settings: Settings): Caller => ({
  request: (method, path, ...args) => {
    const [input, options] = args as [CallInput?, RequestOptions?];
    return apiPromise(callForData(settings, { method, path, input, options }));
  },
  text: (path, ...args) => {
    const [input, options] = args as [CallInput?, RequestOptions?];
    return apiPromise(callForData(settings, { method: 'GET', path, input, options, text: true }));
  },
  async *records(path, ...args) {
    const [input, options] = args as [CallInput?, RequestOptions?];
    yield* parseLines(await callForStream(settings, { method: 'GET', path, input, options }));
  },
});
