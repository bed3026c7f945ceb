import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { type EditOptions, withIfMatch } from './edit.ts';

/** The photos of a listing, by URL, in the order guests see them. */
export class Photos {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** All photos of a listing. */
  list(listingId: string, options?: RequestOptions): ApiPromise<Answer<'listPhotos'>> {
    return this.#caller.request('GET', '/v1/listings/{listingId}/photos', { path: { listingId } }, options);
  }

  /** Adds a photo at the end. */
  add(listingId: string, photo: Body<'addPhoto'>, options?: EditOptions): ApiPromise<Answer<'addPhoto'>> {
    return this.#caller.request(
      'POST',
      '/v1/listings/{listingId}/photos',
      { path: { listingId }, body: photo },
      withIfMatch(options),
    );
  }

  /** Takes a photo off its listing. */
  remove(listingId: string, photoId: string, options?: EditOptions): ApiPromise<Answer<'removePhoto'>> {
    return this.#caller.request(
      'DELETE',
      '/v1/listings/{listingId}/photos/{photoId}',
      { path: { listingId, photoId } },
      withIfMatch(options),
    );
  }
}
