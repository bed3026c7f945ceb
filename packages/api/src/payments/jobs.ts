import { z } from 'zod';
import { jobType } from '../platform/jobs/job.ts';

const Nothing = z.strictObject({});

/** Stripe may be away for a day: with waits that double from a second, so many tries last longer. */
const TRIES = 18;

const stripeJob = <Payload extends z.ZodType>(name: string, payload: Payload) =>
  jobType({ name: `payments.${name}`, payload, attempts: TRIES, timeoutMs: 120_000 });

/** Brings an attempt to pay to its end. */
export const settleAttempt = stripeJob('settleAttempt', z.strictObject({ attemptId: z.uuid() }));
/** Takes what is reserved. */
export const capture = stripeJob('capture', z.strictObject({ paymentId: z.uuid() }));
/** Gives up an intent at Stripe, and what is reserved by it. */
export const cancelIntent = stripeJob('cancelIntent', z.strictObject({ intentId: z.string() }));
/** Closes a page on which could be paid. */
export const expireCheckout = stripeJob('expireCheckout', z.strictObject({ sessionId: z.string() }));
/** Gives money back. */
export const refund = stripeJob('refund', z.strictObject({ refundId: z.uuid() }));
/** Reads how something stands at Stripe, and applies it. */
export const lookAt = stripeJob(
  'lookAt',
  z.strictObject({
    kind: z.enum(['payment_intent', 'charge', 'refund', 'dispute', 'checkout.session']),
    id: z.string(),
  }),
);
/** Applies what Stripe told. */
export const applyStripeEvent = stripeJob('applyStripeEvent', z.strictObject({ eventId: z.string() }));
/** The same of connected accounts and transfers: payouts has the handler. */
export const stripeEventForPayouts = jobType({
  name: 'payouts.applyStripeEvent',
  payload: z.strictObject({
    eventId: z.string(),
    type: z.string(),
    account: z.string().nullable(),
    objectId: z.string().nullable(),
  }),
  attempts: TRIES,
  timeoutMs: 120_000,
});
/** Asks Stripe about whatever stayed silent. */
export const sweep = jobType({
  name: 'payments.sweep',
  payload: Nothing,
  attempts: 3,
  timeoutMs: 120_000,
  schedule: { everyMs: 60_000 },
});
/** Removes what Stripe told long ago. */
export const forgetStripeEvents = jobType({
  name: 'payments.forgetStripeEvents',
  payload: Nothing,
  timeoutMs: 10 * 60_000,
  schedule: { everyMs: 10 * 60_000 },
});

/** All but `stripeEventForPayouts`, which payouts lists with its handler. */
export const paymentJobs = [
  settleAttempt,
  capture,
  cancelIntent,
  expireCheckout,
  refund,
  lookAt,
  applyStripeEvent,
  sweep,
  forgetStripeEvents,
];
