import { paymentNotPossible } from '../payments/problems.ts';
import { type Route, route, scope } from '../platform/http/route.ts';
import { quoteExpired, quoteNotFound } from '../pricing/problems.ts';
import { bookingPaymentRoutes } from './payment-routes.ts';
import {
  alterationNotFound,
  alterationNotPossible,
  alterationPending,
  alterationStateConflict,
  bookingNotFound,
  bookingStateConflict,
  datesUnavailable,
  listingNotBookable,
  notYourPart,
  ownListing,
  quoteAlreadyBooked,
  tooEarly,
} from './problems.ts';
import { AlterationList, AlterationView } from './schema/alteration.ts';
import { BookingPage, BookingView } from './schema/booking.ts';
import { CancellationPreview } from './schema/cancellation.ts';
import {
  AlterationBody,
  AlterationParams,
  BookingBody,
  BookingParams,
  BookingsQuery,
  CancelBody,
  DeclineBody,
} from './schema/requests.ts';
import { toAlterationView, toBookingView, toPreviewView } from './schema/views.ts';
import {
  acceptAlteration,
  alterationsOf,
  declineAlteration,
  withdrawAlteration,
} from './service/answer-alteration.ts';
import { acceptBooking, declineBooking } from './service/answer-request.ts';
import { askAlteration } from './service/ask-alteration.ts';
import { cancelBooking, previewCancellation } from './service/cancel-booking.ts';
import { createBooking } from './service/create-booking.ts';
import { getBooking } from './service/get-booking.ts';
import { listBookings } from './service/list-bookings.ts';
import { checkIn, checkOut, markNoShow } from './service/move-stay.ts';

const tag = 'Bookings';
const read = scope('bookings:read');
const write = scope('bookings:write');
const one = '/v1/bookings/{bookingId}';

const stayRoutes: Route[] = [
  route(
    {
      operationId: 'createBooking',
      method: 'post',
      path: '/v1/bookings',
      tag,
      summary: 'Book a quote',
      description:
        'Holds the nights for 15 minutes, until `holdExpiresAt`, while you pay with `POST …/payment/confirm`. It costs exactly what the quote says. Of all who want the same nights one gets them; the others are answered `dates_unavailable`.',
      access: write,
      idempotent: true,
      request: { body: BookingBody },
      status: 201,
      response: BookingView,
      problems: [
        quoteNotFound,
        quoteExpired,
        quoteAlreadyBooked,
        datesUnavailable,
        listingNotBookable,
        ownListing,
      ],
    },
    async (ctx, { body }) => toBookingView(await createBooking(ctx, body)),
  ),
  route(
    {
      operationId: 'listBookings',
      method: 'get',
      path: '/v1/bookings',
      tag,
      summary: 'List your bookings',
      description: 'Newest first: your own stays, or with `role=host` the stays in your homes.',
      access: read,
      request: { query: BookingsQuery },
      status: 200,
      response: BookingPage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listBookings(ctx, query);
      return { data: data.map(toBookingView), nextCursor };
    },
  ),
  route(
    {
      operationId: 'getBooking',
      method: 'get',
      path: one,
      tag,
      summary: 'Read a booking',
      description:
        'For its guest, its host and staff. The guest reads the exact address once the stay is confirmed.',
      access: read,
      request: { params: BookingParams },
      status: 200,
      response: BookingView,
      problems: [bookingNotFound],
    },
    async (ctx, { params }) => toBookingView(await getBooking(ctx, params.bookingId)),
  ),
];

const acts = {
  method: 'post',
  tag,
  access: write,
  idempotent: true,
  status: 200,
  response: BookingView,
} as const;
const actProblems = [bookingNotFound, bookingStateConflict, notYourPart];

const actRoutes: Route[] = [
  route(
    {
      ...acts,
      operationId: 'acceptBooking',
      path: `${one}/accept`,
      summary: 'Accept a request',
      description:
        'As its host, until `respondBy`: the stay is confirmed, and what was reserved is charged a moment later. Should it not be there any more, the marketplace cancels the stay.',
      request: { params: BookingParams },
      problems: actProblems,
    },
    async (ctx, { params }) => toBookingView(await acceptBooking(ctx, params.bookingId)),
  ),
  route(
    {
      ...acts,
      operationId: 'declineBooking',
      path: `${one}/decline`,
      summary: 'Decline a request',
      description: 'As its host: the nights are free again, and the guest is charged nothing.',
      request: { params: BookingParams, body: DeclineBody },
      problems: actProblems,
    },
    async (ctx, { params, body }) => toBookingView(await declineBooking(ctx, params.bookingId, body)),
  ),
  route(
    {
      operationId: 'previewCancellation',
      method: 'get',
      path: `${one}/cancellation-preview`,
      tag,
      summary: 'See what cancelling would do',
      description: 'Exactly what `POST …/cancel` does at the instant `asOf`, for whoever asks.',
      access: read,
      request: { params: BookingParams },
      status: 200,
      response: CancellationPreview,
      problems: actProblems,
    },
    async (ctx, { params }) => toPreviewView(await previewCancellation(ctx, params.bookingId)),
  ),
  route(
    {
      ...acts,
      operationId: 'cancelBooking',
      path: `${one}/cancel`,
      summary: 'Cancel a booking',
      description:
        'As its guest: the policy of the booking says what comes back. As its host: everything comes back, the nights stay blocked, and a penalty is noted. Of what is not confirmed nothing was taken. Admins give a reason, and may decide `refund` and `penalty` themselves.',
      request: { params: BookingParams, body: CancelBody },
      problems: actProblems,
    },
    async (ctx, { params, body }) => toBookingView(await cancelBooking(ctx, params.bookingId, body)),
  ),
  route(
    {
      ...acts,
      operationId: 'checkInBooking',
      path: `${one}/check-in`,
      summary: 'Check the guest in',
      description: 'As guest or host, from the beginning of the check-in day where the home is.',
      request: { params: BookingParams },
      problems: [...actProblems, tooEarly],
    },
    async (ctx, { params }) => toBookingView(await checkIn(ctx, params.bookingId)),
  ),
  route(
    {
      ...acts,
      operationId: 'checkOutBooking',
      path: `${one}/check-out`,
      summary: 'Check the guest out',
      description:
        'As guest or host. A stay that nobody checks out is completed by itself at its check-out time.',
      request: { params: BookingParams },
      problems: actProblems,
    },
    async (ctx, { params }) => toBookingView(await checkOut(ctx, params.bookingId)),
  ),
  route(
    {
      ...acts,
      operationId: 'markNoShow',
      path: `${one}/no-show`,
      summary: 'Say that the guest did not come',
      description:
        'As its host, from the check-in time to the check-out. The nights are free again; nothing comes back.',
      request: { params: BookingParams },
      problems: [...actProblems, tooEarly],
    },
    async (ctx, { params }) => toBookingView(await markNoShow(ctx, params.bookingId)),
  ),
];

const alterations = `${one}/alterations`;
const answers = {
  method: 'post',
  tag,
  access: write,
  idempotent: true,
  request: { params: AlterationParams },
  status: 200,
  response: AlterationView,
} as const;
const answerProblems = [...actProblems, alterationNotFound, alterationStateConflict];

const alterationRoutes: Route[] = [
  route(
    {
      operationId: 'createAlteration',
      method: 'post',
      path: alterations,
      tag,
      summary: 'Ask to alter a stay',
      description:
        'Other dates or guests, as guest or host. The price is told at once, and holds until the other side answers: two days at most. Nights that are kept cost what they did.',
      access: write,
      idempotent: true,
      request: { params: BookingParams, body: AlterationBody },
      status: 201,
      response: AlterationView,
      problems: [...actProblems, alterationPending, alterationNotPossible, datesUnavailable],
    },
    async (ctx, { params, body }) => toAlterationView(await askAlteration(ctx, params.bookingId, body)),
  ),
  route(
    {
      operationId: 'listAlterations',
      method: 'get',
      path: alterations,
      tag,
      summary: 'List the alterations of a stay',
      description: 'The last hundred that were asked for, newest first.',
      access: read,
      request: { params: BookingParams },
      status: 200,
      response: AlterationList,
      problems: [bookingNotFound],
    },
    async (ctx, { params }) => ({
      data: (await alterationsOf(ctx, params.bookingId)).map(toAlterationView),
    }),
  ),
  route(
    {
      ...answers,
      operationId: 'acceptAlteration',
      path: `${alterations}/{alterationId}/accept`,
      summary: 'Accept an alteration',
      description:
        'As the side that was asked. What the stay costs less is given back, and it is another at once. What it costs more is charged first: the alteration is `awaitingPayment`, and the stay is another when that went through. A charge that is declined stays open for the guest to pay with `POST …/payment/confirm`. When some of the new nights were taken meanwhile, all stays as it was, and nothing is charged.',
      problems: [...answerProblems, alterationNotPossible, datesUnavailable, paymentNotPossible],
    },
    async (ctx, { params }) => toAlterationView(await acceptAlteration(ctx, params)),
  ),
  route(
    {
      ...answers,
      operationId: 'declineAlteration',
      path: `${alterations}/{alterationId}/decline`,
      summary: 'Decline an alteration',
      description:
        'As the side that was asked, also while it is yet to be paid for: the stay remains as it is.',
      problems: answerProblems,
    },
    async (ctx, { params }) => toAlterationView(await declineAlteration(ctx, params)),
  ),
  route(
    {
      ...answers,
      operationId: 'withdrawAlteration',
      path: `${alterations}/{alterationId}/withdraw`,
      summary: 'Withdraw an alteration',
      description: 'As the side that asked, also while it is yet to be paid for.',
      problems: answerProblems,
    },
    async (ctx, { params }) => toAlterationView(await withdrawAlteration(ctx, params)),
  ),
];

export const bookingRoutes: Route[] = [
  ...stayRoutes,
  ...bookingPaymentRoutes,
  ...actRoutes,
  ...alterationRoutes,
];
