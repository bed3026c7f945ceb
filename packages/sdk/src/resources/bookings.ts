import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';
import { BookingAlterations } from './booking-alterations.ts';
import { BookingPayments } from './booking-payments.ts';

/** Stays, for their guest and their host. */
export class Bookings {
  readonly #caller: Caller;
  /** What the guest pays for a stay. */
  readonly payment: BookingPayments;
  /** Other dates or guests for a stay. */
  readonly alterations: BookingAlterations;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
    this.payment = new BookingPayments(caller);
    this.alterations = new BookingAlterations(caller);
  }

  /**
   * Books what was quoted: the nights are held until `holdExpiresAt`, for the guest to pay. When somebody else was
   * quicker, fails with a `ConflictError` of the code `dates_unavailable`.
   *
   * ```ts
   * const booking = await sojourn.bookings.create({ quoteId: quote.id, message: 'We arrive late.' });
   * await sojourn.bookings.payment.confirm(booking.id, { paymentMethod: 'pm_card_visa' });
   * ```
   */
  create(booking: Body<'createBooking'>, options?: RequestOptions): ApiPromise<Answer<'createBooking'>> {
    return this.#caller.request('POST', '/v1/bookings', { body: booking }, options);
  }

  /**
   * The user's own stays, or with `role: 'host'` those in their homes, as a list over all pages.
   *
   * ```ts
   * for await (const { id, checkIn } of sojourn.bookings.list({ role: 'host', status: 'requested' })) console.log(id, checkIn);
   * ```
   */
  list(
    query: Query<'listBookings'> = {},
    options?: RequestOptions,
  ): List<Item<'listBookings'>, Answer<'listBookings'>> {
    return new List(
      (cursor) => this.#caller.request('GET', '/v1/bookings', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** One booking. Its guest sees the exact `address` once it is confirmed. */
  get(bookingId: string, options?: RequestOptions): ApiPromise<Answer<'getBooking'>> {
    return this.#caller.request('GET', '/v1/bookings/{bookingId}', { path: { bookingId } }, options);
  }

  /** For the host: says yes to a request. The guest is charged. */
  accept(bookingId: string, options?: RequestOptions): ApiPromise<Answer<'acceptBooking'>> {
    return this.#caller.request('POST', '/v1/bookings/{bookingId}/accept', { path: { bookingId } }, options);
  }

  /** For the host: says no to a request. Nothing is charged, and the nights are free again. */
  decline(
    bookingId: string,
    answer: Body<'declineBooking'> = {},
    options?: RequestOptions,
  ): ApiPromise<Answer<'declineBooking'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/decline',
      { path: { bookingId }, body: answer },
      options,
    );
  }

  /** What cancelling would do at this moment, for whoever asks: as the guest, or as the host. Nothing is changed. */
  previewCancellation(
    bookingId: string,
    options?: RequestOptions,
  ): ApiPromise<Answer<'previewCancellation'>> {
    return this.#caller.request(
      'GET',
      '/v1/bookings/{bookingId}/cancellation-preview',
      { path: { bookingId } },
      options,
    );
  }

  /** Cancels, by the policy that was agreed. `cancellation` of the answer says what comes back. */
  cancel(
    bookingId: string,
    cancellation: Body<'cancelBooking'> = {},
    options?: RequestOptions,
  ): ApiPromise<Answer<'cancelBooking'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/cancel',
      { path: { bookingId }, body: cancellation },
      options,
    );
  }

  /**
   * Gives more back than the policy does: of the host's share, or for an admin of the marketplace's. Fails with the code
   * `refund_too_large` when there is not as much left.
   *
   * ```ts
   * await sojourn.bookings.refund(bookingId, {
   *   amount: { amount: 5_000, currency: 'EUR' },
   *   reason: 'The heating was broken.',
   *   paidBy: 'host',
   * });
   * ```
   */
  refund(
    bookingId: string,
    refund: Body<'refundBooking'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'refundBooking'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/refunds',
      { path: { bookingId }, body: refund },
      options,
    );
  }

  /** Says that the guest is there. */
  checkIn(bookingId: string, options?: RequestOptions): ApiPromise<Answer<'checkInBooking'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/check-in',
      { path: { bookingId } },
      options,
    );
  }

  /** Says that the guest has left. */
  checkOut(bookingId: string, options?: RequestOptions): ApiPromise<Answer<'checkOutBooking'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/check-out',
      { path: { bookingId } },
      options,
    );
  }

  /** For the host: says that the guest did not come. */
  markNoShow(bookingId: string, options?: RequestOptions): ApiPromise<Answer<'markNoShow'>> {
    return this.#caller.request('POST', '/v1/bookings/{bookingId}/no-show', { path: { bookingId } }, options);
  }
}
