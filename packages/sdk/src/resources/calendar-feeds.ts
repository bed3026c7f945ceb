import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** Calendars of other channels (iCalendar) whose nights are not sold here. The server fetches them by itself. */
export class CalendarFeeds {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The feeds of a listing, oldest first: how old what they say is, and whether they work. */
  list(listingId: string, options?: RequestOptions): ApiPromise<Answer<'listCalendarFeeds'>> {
    return this.#caller.request(
      'GET',
      '/v1/listings/{listingId}/calendar-feeds',
      { path: { listingId } },
      options,
    );
  }

  /**
   * Takes in a calendar, at once and then every half hour. Its URL is a secret that no answer repeats.
   *
   * ```ts
   * const url = process.env.AIRBNB_CALENDAR_URL ?? '';
   * const feed = await sojourn.calendarFeeds.create(listingId, { name: 'Airbnb', url });
   * ```
   */
  create(
    listingId: string,
    feed: Body<'createCalendarFeed'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'createCalendarFeed'>> {
    return this.#caller.request(
      'POST',
      '/v1/listings/{listingId}/calendar-feeds',
      { path: { listingId }, body: feed },
      options,
    );
  }

  /** One feed. */
  get(listingId: string, feedId: string, options?: RequestOptions): ApiPromise<Answer<'getCalendarFeed'>> {
    return this.#caller.request(
      'GET',
      '/v1/listings/{listingId}/calendar-feeds/{feedId}',
      { path: { listingId, feedId } },
      options,
    );
  }

  /** Renames, pauses or resumes a feed, or gives it another URL; what is left out stays. */
  update(
    listingId: string,
    feedId: string,
    changes: Body<'updateCalendarFeed'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'updateCalendarFeed'>> {
    return this.#caller.request(
      'PATCH',
      '/v1/listings/{listingId}/calendar-feeds/{feedId}',
      { path: { listingId, feedId }, body: changes },
      options,
    );
  }

  /** Removes a feed. Its nights are sold again (`free`) or become blocks of the host (`keep`). */
  remove(
    listingId: string,
    feedId: string,
    { nights }: Query<'deleteCalendarFeed'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'deleteCalendarFeed'>> {
    return this.#caller.request(
      'DELETE',
      '/v1/listings/{listingId}/calendar-feeds/{feedId}',
      { path: { listingId, feedId }, query: { nights } },
      options,
    );
  }

  /**
   * Has a feed fetched in a moment; `lastFetchedAt` tells when it was. `acceptEmpty` says that a calendar which is suddenly
   * empty is true, and frees its nights.
   */
  sync(
    listingId: string,
    feedId: string,
    wish: Body<'syncCalendarFeed'> = {},
    options?: RequestOptions,
  ): ApiPromise<Answer<'syncCalendarFeed'>> {
    return this.#caller.request(
      'POST',
      '/v1/listings/{listingId}/calendar-feeds/{feedId}/sync',
      { path: { listingId, feedId }, body: wish },
      options,
    );
  }

  /** Nights that are taken both there and by a stay here, nearest first. The stay is never overwritten. */
  conflicts(
    listingId: string,
    feedId: string,
    options?: RequestOptions,
  ): ApiPromise<Answer<'listCalendarConflicts'>> {
    return this.#caller.request(
      'GET',
      '/v1/listings/{listingId}/calendar-feeds/{feedId}/conflicts',
      { path: { listingId, feedId } },
      options,
    );
  }
}
