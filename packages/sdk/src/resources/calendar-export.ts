import type { ApiPromise } from '../answer.ts';
import type { Answer, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** The calendar of a listing for other channels, at a secret URL. It tells which nights are taken, never by whom. */
export class CalendarExport {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * The URL, made when there is none yet.
   *
   * ```ts
   * const { url } = await sojourn.calendarExport.share(listingId);
   * ```
   */
  share(listingId: string, options?: RequestOptions): ApiPromise<Answer<'shareCalendar'>> {
    return this.#caller.request(
      'POST',
      '/v1/listings/{listingId}/calendar-export',
      { path: { listingId } },
      options,
    );
  }

  /** Another URL; the one before it is no longer valid. */
  rotate(listingId: string, options?: RequestOptions): ApiPromise<Answer<'rotateCalendarShare'>> {
    return this.#caller.request(
      'POST',
      '/v1/listings/{listingId}/calendar-export/rotate',
      { path: { listingId } },
      options,
    );
  }

  /** Revokes the URL: nobody can read the calendar by it any more. */
  revoke(listingId: string, options?: RequestOptions): ApiPromise<Answer<'unshareCalendar'>> {
    return this.#caller.request(
      'DELETE',
      '/v1/listings/{listingId}/calendar-export',
      { path: { listingId } },
      options,
    );
  }

  /** The calendar itself in iCalendar format, as whoever knows the token of its URL reads it. It needs no credentials. */
  read(listingId: string, token: string, options?: RequestOptions): ApiPromise<Answer<'exportCalendar'>> {
    return this.#caller.text(
      '/v1/listings/{listingId}/calendar.ics',
      { path: { listingId }, query: { token } },
      options,
    );
  }
}
