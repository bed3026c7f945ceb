import type { Answer, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** Published listings of all hosts. Needs no credentials. */
export class Search {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Stays that match all of the query, as a list over all pages. Where: `near` (`"latitude,longitude"`) with `radiusKm`
   * (kilometres), or `bbox`, or `place`. With `checkIn` and `checkOut` only what can be booked then, each with its `stay`.
   * `minPrice` and `maxPrice` are minor units of `currency` per night, or with dates of the whole stay: 20000 is 200 USD.
   * Lists such as `amenities` may be arrays.
   * A page also has `total` and, with `facets: true`, `facets`.
   *
   * ```ts
   * for await (const stay of sojourn.search.list({ near: '40.71,-74.00', radiusKm: 5, guests: 2, sort: 'price' })) {
   *   console.log(stay.title, stay.distanceKm);
   * }
   * const { total, facets } = await sojourn.search.list({ place: 'New York', facets: true, limit: 1 }).page();
   * ```
   */
  list(
    query: Query<'searchListings'> = {},
    options?: RequestOptions,
  ): List<Item<'searchListings'>, Answer<'searchListings'>> {
    return new List(
      (cursor) => this.#caller.request('GET', '/v1/search', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }
}
