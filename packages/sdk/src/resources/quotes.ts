import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** Binding prices of stays. */
export class Quotes {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Asks what a stay costs, line by line, and what comes back to a guest who cancels. A booking made from the quote
   * before its `expiresAt` costs exactly that. A stay that cannot be booked fails with a `NotBookableError`: its
   * `reasons` are all that speaks against it, its `alternatives` the nearest that can be.
   *
   * ```ts
   * const quote = await sojourn.quotes.create({ listingId, checkIn: '2027-05-01', checkOut: '2027-05-05', guests: 2 });
   * ```
   */
  create(stay: Body<'createQuote'>, options?: RequestOptions): ApiPromise<Answer<'createQuote'>> {
    return this.#caller.request('POST', '/v1/quotes', { body: stay }, options);
  }

  /** A quote as it was made. */
  get(quoteId: string, options?: RequestOptions): ApiPromise<Answer<'getQuote'>> {
    return this.#caller.request('GET', '/v1/quotes/{quoteId}', { path: { quoteId } }, options);
  }
}
