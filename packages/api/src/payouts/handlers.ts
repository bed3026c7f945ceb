import { bookingAltered, bookingCancelled, bookingSettled } from '../bookings/events.ts';
import { stripeEventForPayouts } from '../payments/jobs.ts';
import { consumer, type EventConsumer } from '../platform/events/consumer.ts';
import { handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import { callingStripe } from '../platform/stripe/failures.ts';
import * as jobs from './jobs.ts';
import { followBookings } from './service/follow-bookings.ts';
import { hearStripe } from './service/hear-stripe.ts';
import { reverseTransfer } from './service/reverse.ts';
import { sendDue } from './service/send-due.ts';
import { sweepSilent } from './service/sweep.ts';
import { transferPayout } from './service/transfer.ts';

export const payoutHandlers: JobHandler[] = [
  handleRepeatably(jobs.sendDue, (ctx, _payload, { signal }) => sendDue(ctx, signal)),
  handleRepeatably(jobs.transfer, (ctx, { payoutId }) => transferPayout(ctx, payoutId)),
  handleRepeatably(jobs.reverse, (ctx, { reversalId }) => reverseTransfer(ctx, reversalId)),
  handleRepeatably(jobs.sweep, (ctx, _payload, { signal }) =>
    callingStripe(ctx, () => sweepSilent(ctx, signal)),
  ),
  handleRepeatably(stripeEventForPayouts, (ctx, heard) => callingStripe(ctx, () => hearStripe(ctx, heard))),
];

export const payoutConsumers: EventConsumer[] = [
  consumer({
    name: 'payouts.followBookings',
    types: [bookingSettled, bookingAltered, bookingCancelled].map(({ type }) => type),
    handle: followBookings,
  }),
];
