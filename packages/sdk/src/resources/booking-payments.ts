import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** What the guest pays for a stay. */
export class BookingPayments {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** How the payment stands, what is given back, and for the guest the `clientSecret` with which a browser pays. */
  get(bookingId: string, options?: RequestOptions): ApiPromise<Answer<'getBookingPayment'>> {
    return this.#caller.request('GET', '/v1/bookings/{bookingId}/payment', { path: { bookingId } }, options);
  }

  /**
   * Pays with a payment method, which confirms the stay, or asks the host where they answer first. A refused card fails
   * with an `ApiError` of the code `payment_declined`: pay with another one while the nights are held. Where the bank wants
   * the guest to prove who they are, `payment.status` is `requiresAction`, and `payment.nextActionUrl` leads there.
   *
   * ```ts
   * const booking = await sojourn.bookings.payment.confirm(bookingId, { paymentMethod: 'pm_card_visa' });
   * ```
   */
  confirm(
    bookingId: string,
    payment: Body<'confirmBookingPayment'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'confirmBookingPayment'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/payment/confirm',
      { path: { bookingId }, body: payment },
      options,
    );
  }

  /**
   * A page of Stripe on which the guest pays, instead of `confirm`.
   *
   * ```ts
   * const { url } = await sojourn.bookings.payment.checkout(bookingId, {
   *   successUrl: 'https://app.example.com/paid',
   *   cancelUrl: 'https://app.example.com/booking',
   * });
   * ```
   */
  checkout(
    bookingId: string,
    pages: Body<'createBookingCheckout'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'createBookingCheckout'>> {
    return this.#caller.request(
      'POST',
      '/v1/bookings/{bookingId}/payment/checkout',
      { path: { bookingId }, body: pages },
      options,
    );
  }
}
