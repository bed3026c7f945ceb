import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { type EditOptions, withIfMatch } from './edit.ts';

/** What holds for each date of a listing: whether its night is free, at what price, by which rules. Ranges are `[from, to)`. */
export class Calendar {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Every date from `from` (today at the listing unless given) to before `to` (a year later unless given), two years at
   * most. Its host is also told what takes a night.
   *
   * ```ts
   * const { days } = await sojourn.calendar.get(listingId, { from: '2027-05-01', to: '2027-06-01' });
   * const free = days.filter(({ available }) => available);
   * ```
   */
  get(
    listingId: string,
    dates: Query<'getCalendar'> = {},
    options?: RequestOptions,
  ): ApiPromise<Answer<'getCalendar'>> {
    return this.#caller.request(
      'GET',
      '/v1/listings/{listingId}/calendar',
      { path: { listingId }, query: dates },
      options,
    );
  }

  /**
   * Changes ranges of dates; all others stay as they are, and so does what a range leaves out. `null` gives a price or a
   * rule back to the season, or else the listing. `skipped` tells of nights that could not be blocked because they are
   * taken. With `dryRun` it tells what would change.
   *
   * ```ts
   * const { changedDays, skipped } = await sojourn.calendar.put(listingId, {
   *   ranges: [
   *     { from: '2027-07-01', to: '2027-08-16', price: { amount: 14_000, currency: 'EUR' }, minNights: 4 },
   *     { from: '2027-09-01', to: '2027-09-08', blocked: true, note: 'New bathroom' },
   *   ],
   * });
   * ```
   *
   * With `ifMatch` (the `etag` of `get`) it fails with a `PreconditionFailedError` when the host changed the calendar
   * since; a booking that came in between does no harm.
   */
  put(
    listingId: string,
    changes: Body<'updateCalendar'>,
    options?: EditOptions,
  ): ApiPromise<Answer<'updateCalendar'>> {
    return this.#caller.request(
      'PUT',
      '/v1/listings/{listingId}/calendar',
      { path: { listingId }, body: changes },
      withIfMatch(options),
    );
  }

  /**
   * The same ranges for all of the user's listings that fit the selection, 500 at most. A listing that cannot take them
   * stays as it is, and its `errors` say why.
   *
   * ```ts
   * const { matched, listings } = await sojourn.calendar.apply({
   *   select: { tags: ['beach'], place: { city: 'Lisbon' } },
   *   ranges: [{ from: '2027-07-01', to: '2027-09-01', minNights: 5 }],
   *   dryRun: true,
   * });
   * const refused = listings.filter(({ errors }) => errors.length > 0);
   * ```
   */
  apply(changes: Body<'updateCalendars'>, options?: RequestOptions): ApiPromise<Answer<'updateCalendars'>> {
    return this.#caller.request('PUT', '/v1/calendar', { body: changes }, options);
  }
}
