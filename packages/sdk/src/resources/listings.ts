import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';
import { type EditOptions, withIfMatch } from './edit.ts';
import { Photos } from './photos.ts';

/** A host's own listings. */
export class Listings {
  readonly #caller: Caller;
  /** Photos of a listing. */
  readonly photos: Photos;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
    this.photos = new Photos(caller);
  }

  /**
   * Makes a draft. Amounts are minor units: 12000 is 120 USD a night. Fails with a `ValidationError` whose `errors` name
   * every value to mend.
   *
   * ```ts
   * const listing = await sojourn.listings.create({
   *   title: 'Sunny loft by the park',
   *   roomType: 'entirePlace',
   *   capacity: 4,
   *   basePrice: { amount: 12_000, currency: 'USD' },
   * });
   * ```
   */
  create(listing: Body<'createListing'>, options?: RequestOptions): ApiPromise<Answer<'createListing'>> {
    return this.#caller.request('POST', '/v1/listings', { body: listing }, options);
  }

  /**
   * The host's own listings in every status, as a list over all pages.
   *
   * ```ts
   * for await (const listing of sojourn.listings.list({ status: 'draft' })) console.log(listing.id, listing.title);
   * ```
   */
  list(
    query: Query<'listListings'> = {},
    options?: RequestOptions,
  ): List<Item<'listListings'>, Answer<'listListings'>> {
    return new List(
      (cursor) => this.#caller.request('GET', '/v1/listings', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** A listing: whole for its host, without the address and with a rounded point for guests. Fails with a `NotFoundError`. */
  get(listingId: string, options?: RequestOptions): ApiPromise<Answer<'getListing'>> {
    return this.#caller.request('GET', '/v1/listings/{listingId}', { path: { listingId } }, options);
  }

  /**
   * Changes the fields given; the others stay.
   *
   * ```ts
   * const { data, etag } = await sojourn.listings.get(listingId).withResponse();
   * await sojourn.listings.update(listingId, { tags: [...data.tags, 'quiet'] }, { ifMatch: etag });
   * ```
   */
  update(
    listingId: string,
    changes: Body<'updateListing'>,
    options?: EditOptions,
  ): ApiPromise<Answer<'updateListing'>> {
    return this.#caller.request(
      'PATCH',
      '/v1/listings/{listingId}',
      { path: { listingId }, body: changes },
      withIfMatch(options),
    );
  }

  /** Removes a listing. Fails with a `ConflictError` when its state does not allow it. */
  delete(listingId: string, options?: EditOptions): ApiPromise<Answer<'deleteListing'>> {
    return this.#caller.request(
      'DELETE',
      '/v1/listings/{listingId}',
      { path: { listingId } },
      withIfMatch(options),
    );
  }

  /** Shows a listing to guests. Fails with a `ValidationError` whose `errors` name all that is still missing. */
  publish(listingId: string, options?: EditOptions): ApiPromise<Answer<'publishListing'>> {
    return this.#caller.request(
      'POST',
      '/v1/listings/{listingId}/publish',
      { path: { listingId } },
      withIfMatch(options),
    );
  }

  /** Takes a published listing out of search until it is published again. */
  pause(listingId: string, options?: EditOptions): ApiPromise<Answer<'pauseListing'>> {
    return this.#caller.request(
      'POST',
      '/v1/listings/{listingId}/pause',
      { path: { listingId } },
      withIfMatch(options),
    );
  }

  /** Puts a listing away for good, with its history kept. */
  archive(listingId: string, options?: EditOptions): ApiPromise<Answer<'archiveListing'>> {
    return this.#caller.request(
      'POST',
      '/v1/listings/{listingId}/archive',
      { path: { listingId } },
      withIfMatch(options),
    );
  }

  /**
   * Creates or updates up to 1,000 listings by their `externalId`, and publishes those that are complete when `publish`
   * is set. One wrong row does not stop the others: `results` has one entry a row, in the order sent.
   *
   * ```ts
   * const { results } = await sojourn.listings.upsert({ listings, publish: true }, { idempotencyKey: 'import-7-batch-3' });
   * const failed = results.filter(({ outcome }) => outcome === 'failed');
   * ```
   */
  upsert(batch: Body<'upsertListings'>, options?: RequestOptions): ApiPromise<Answer<'upsertListings'>> {
    return this.#caller.request('POST', '/v1/listings/batch', { body: batch }, options);
  }

  /**
   * All of the host's listings as one stream, read as fast as they are used and never held together. Here `timeout` is
   * the longest silence. A stream that breaks ends with an error and is not begun again.
   *
   * ```ts
   * for await (const listing of sojourn.listings.export()) file.write(`${JSON.stringify(listing)}\n`);
   * ```
   */
  export(options?: RequestOptions): AsyncGenerator<Answer<'exportListings'>, void, undefined> {
    return this.#caller.records('/v1/listings/export', {}, options);
  }
}
