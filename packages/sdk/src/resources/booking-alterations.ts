import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** Other dates or guests for a stay: asked for by its guest or its host, and answered by the other. */
export class BookingAlterations {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Asks for a change; what is left out stays as it is. `priceDifference` of the answer is charged, or given back, when
   * it is accepted.
   *
   * ```ts
   * const { priceDifference } = await sojourn.bookings.alterations.create(bookingId, { checkOut: '2027-05-07' });
   * ```
   */
  create(
    bookingId: string,
    alteration: Body<'createAlteration'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'createAlteration'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/alterations',
      { path: { bookingId }, body: alteration },
      options,
    );
  }

  /** All that was asked for, newest first. */
  list(bookingId: string, options?: RequestOptions): ApiPromise<Answer<'listAlterations'>> {
    return this.#caller.request(
      'GET',
      '/v1/bookings/{bookingId}/alterations',
      { path: { bookingId } },
      options,
    );
  }

  /** Says yes: the stay is changed and the difference settled, at once or not at all. */
  accept(
    bookingId: string,
    alterationId: string,
    options?: RequestOptions,
  ): ApiPromise<Answer<'acceptAlteration'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/alterations/{alterationId}/accept',
      { path: { bookingId, alterationId } },
      options,
    );
  }

  /** Says no: the stay stays as it is. */
  decline(
    bookingId: string,
    alterationId: string,
    options?: RequestOptions,
  ): ApiPromise<Answer<'declineAlteration'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/alterations/{alterationId}/decline',
      { path: { bookingId, alterationId } },
      options,
    );
  }

  /** Takes back what one asked for. */
  withdraw(
    bookingId: string,
    alterationId: string,
    options?: RequestOptions,
  ): ApiPromise<Answer<'withdrawAlteration'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/alterations/{alterationId}/withdraw',
      { path: { bookingId, alterationId } },
      options,
    );
  }
}
