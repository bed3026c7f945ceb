import {
  paymentDeclined,
  paymentNotOpen,
  paymentNotPossible,
  paymentsUnavailable,
  unknownPaymentMethod,
} from '../payments/problems.ts';
import { type Route, route, scope } from '../platform/http/route.ts';
import {
  bookingDisputed,
  bookingNotFound,
  bookingStateConflict,
  datesUnavailable,
  holdExpired,
  notYourPart,
  refundTooLarge,
} from './problems.ts';
import { BookingCheckout, BookingPaymentDetails, BookingView } from './schema/booking.ts';
import { BookingParams, CheckoutBody, PaymentConfirmation, RefundBody } from './schema/requests.ts';
import { toBookingView, toCheckout, toPaymentDetails } from './schema/views.ts';
import { payBooking } from './service/pay-booking.ts';
import { getPayment, openPaymentPage } from './service/pay-in-browser.ts';
import { refundBooking } from './service/refund-booking.ts';

const tag = 'Bookings';
const read = scope('bookings:read');
const write = scope('bookings:write');
const one = '/v1/bookings/{bookingId}';

/** How a booking is paid, and how money is given back. */
export const bookingPaymentRoutes: Route[] = [
  route(
    {
      operationId: 'getBookingPayment',
      method: 'get',
      path: `${one}/payment`,
      tag,
      summary: 'Read the payment of a booking',
      description:
        'All that is paid for it, together, what is given back, and for the host whose the money is. The guest gets the `clientSecret` with which a browser pays (Stripe.js) while there is something to pay.',
      access: read,
      request: { params: BookingParams },
      status: 200,
      response: BookingPaymentDetails,
      problems: [bookingNotFound, paymentNotPossible, paymentsUnavailable],
    },
    async (ctx, { params }) => toPaymentDetails(await getPayment(ctx, params.bookingId)),
  ),
  route(
    {
      operationId: 'createBookingCheckout',
      method: 'post',
      path: `${one}/payment/checkout`,
      tag,
      summary: 'Pay on a page of Stripe',
      description:
        'As the guest: a page on which the nights that are held, or an alteration that both sides agreed on, is paid. The booking follows a moment after the payment. A page that is open already is answered again.',
      access: write,
      request: { params: BookingParams, body: CheckoutBody },
      status: 201,
      response: BookingCheckout,
      problems: [bookingNotFound, notYourPart, paymentNotOpen, paymentNotPossible, paymentsUnavailable],
    },
    async (ctx, { params, body }) => toCheckout(await openPaymentPage(ctx, params.bookingId, body)),
  ),
  route(
    {
      operationId: 'confirmBookingPayment',
      method: 'post',
      path: `${one}/payment/confirm`,
      tag,
      summary: 'Pay for a booking',
      description:
        'The stay is confirmed at once, or, where the host answers first, the money is reserved and the host is asked. When `payment.status` is `requiresAction`, the guest goes to `payment.nextActionUrl`; when it is `processing`, the bank has yet to answer: both are told by events. Paying again for what is paid changes nothing, so that it can be repeated without harm. It also pays an alteration that is `awaitingPayment`. After the hold expired, a payment goes through for another hour while the nights are free; otherwise nothing is charged.',
      access: write,
      request: { params: BookingParams, body: PaymentConfirmation },
      status: 200,
      response: BookingView,
      problems: [
        bookingNotFound,
        bookingStateConflict,
        notYourPart,
        holdExpired,
        datesUnavailable,
        paymentDeclined,
        paymentNotOpen,
        paymentNotPossible,
        unknownPaymentMethod,
      ],
    },
    async (ctx, { params, body }) => toBookingView(await payBooking(ctx, params.bookingId, body)),
  ),
  route(
    {
      operationId: 'refundBooking',
      method: 'post',
      path: `${one}/refunds`,
      tag,
      summary: 'Give money back',
      description:
        'Beyond what the rules say, before or after the stay: as its host, of your share (`paidBy: host`); as an admin, of anybody’s. It adds to what a cancellation gives back.',
      access: write,
      idempotent: true,
      request: { params: BookingParams, body: RefundBody },
      status: 200,
      response: BookingView,
      problems: [bookingNotFound, notYourPart, refundTooLarge, bookingDisputed],
    },
    async (ctx, { params, body }) => toBookingView(await refundBooking(ctx, params.bookingId, body)),
  ),
];
