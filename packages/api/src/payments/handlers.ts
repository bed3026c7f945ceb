import type { z } from 'zod';
import type { Context } from '../platform/context.ts';
import { handleRepeatably, type JobHandler, type JobType } from '../platform/jobs/job.ts';
import { callingStripe } from '../platform/stripe/failures.ts';
import * as jobs from './jobs.ts';
import { cancelIntent } from './service/cancel-intent.ts';
import { capture } from './service/capture.ts';
import { applyStripeEvent, lookAt } from './service/look-at.ts';
import { closeCheckout } from './service/pay-in-browser.ts';
import { refund } from './service/refund.ts';
import { finishAttempt } from './service/settle-attempt.ts';
import { forgetStripeEvents, sweep } from './service/sweep.ts';

/** A job that calls Stripe: what it fails with is kept and logged without what Stripe answered. */
const handleAtStripe = <P extends z.ZodType>(
  job: JobType<P>,
  run: (ctx: Context, payload: z.output<P>) => Promise<unknown>,
): JobHandler =>
  handleRepeatably(job, (ctx, payload) =>
    callingStripe(ctx, async () => {
      await run(ctx, payload);
    }),
  );

export const paymentHandlers: JobHandler[] = [
  handleAtStripe(jobs.settleAttempt, (ctx, { attemptId }) => finishAttempt(ctx, attemptId)),
  handleAtStripe(jobs.capture, (ctx, { paymentId }) => capture(ctx, paymentId)),
  handleAtStripe(jobs.cancelIntent, (ctx, { intentId }) => cancelIntent(ctx, intentId)),
  handleAtStripe(jobs.expireCheckout, (ctx, { sessionId }) => closeCheckout(ctx, sessionId)),
  handleAtStripe(jobs.refund, (ctx, { refundId }) => refund(ctx, refundId)),
  handleAtStripe(jobs.lookAt, (ctx, what) => lookAt(ctx, what)),
  handleAtStripe(jobs.applyStripeEvent, (ctx, { eventId }) => applyStripeEvent(ctx, eventId)),
  handleRepeatably(jobs.sweep, (ctx) => sweep(ctx)),
  handleRepeatably(jobs.forgetStripeEvents, (ctx, _payload, { signal }) => forgetStripeEvents(ctx, signal)),
];
