import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { type EditOptions, withIfMatch } from './edit.ts';

/** Parts of the year with prices and lengths of stay of their own. What the calendar says of a date goes before them. */
export class Seasons {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The seasons of a listing, in the order of their dates. */
  get(listingId: string, options?: RequestOptions): ApiPromise<Answer<'getSeasons'>> {
    return this.#caller.request('GET', '/v1/listings/{listingId}/seasons', { path: { listingId } }, options);
  }

  /**
   * Sets all seasons of a listing at once: those that are left out go.
   *
   * ```ts
   * await sojourn.seasons.replace(listingId, {
   *   seasons: [
   *     { name: 'Summer', from: '2027-06-15', to: '2027-09-15', price: { amount: 18_000, currency: 'EUR' }, minNights: 4 },
   *   ],
   * });
   * ```
   */
  replace(
    listingId: string,
    seasons: Body<'replaceSeasons'>,
    options?: EditOptions,
  ): ApiPromise<Answer<'replaceSeasons'>> {
    return this.#caller.request(
      'PUT',
      '/v1/listings/{listingId}/seasons',
      { path: { listingId }, body: seasons },
      withIfMatch(options),
    );
  }
}
