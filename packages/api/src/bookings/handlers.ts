import {
  paymentAuthorised,
  paymentCaptured,
  paymentDisputeClosed,
  paymentDisputed,
  paymentFailed,
  paymentRefunded,
  paymentRefundFailed,
  paymentVoided,
} from '../payments/events.ts';
import { consumer, type EventConsumer } from '../platform/events/consumer.ts';
import { handleOnce, handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import * as jobs from './jobs.ts';
import { followBooking, followForgotten, followPayments } from './service/follow-payments.ts';
import { completeStays, expireAlterations, expireHolds, expireRequests } from './service/run-clock.ts';

export const bookingHandlers: JobHandler[] = [
  handleRepeatably(jobs.expireHolds, (ctx, _payload, { signal }) => expireHolds(ctx, signal)),
  handleRepeatably(jobs.expireRequests, (ctx, _payload, { signal }) => expireRequests(ctx, signal)),
  handleRepeatably(jobs.expireAlterations, (ctx, _payload, { signal }) => expireAlterations(ctx, signal)),
  handleRepeatably(jobs.complete, (ctx, _payload, { signal }) => completeStays(ctx, signal)),
  handleOnce(jobs.followForgotten, (ctx) => followForgotten(ctx)),
  handleOnce(jobs.followPayment, (ctx, { bookingId }) => followBooking(ctx, bookingId)),
];

const FOLLOWED = [
  paymentAuthorised,
  paymentCaptured,
  paymentFailed,
  paymentVoided,
  paymentRefunded,
  paymentRefundFailed,
  paymentDisputed,
  paymentDisputeClosed,
];

export const bookingConsumers: EventConsumer[] = [
  consumer({
    name: 'bookings.followPayments',
    types: FOLLOWED.map(({ type }) => type),
    handle: followPayments,
  }),
];
