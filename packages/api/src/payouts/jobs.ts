import { z } from 'zod';
import { stripeEventForPayouts } from '../payments/jobs.ts';
import { jobType } from '../platform/jobs/job.ts';

const Nothing = z.strictObject({});

/** How often the clock is looked at, in milliseconds: what is due is sent so much later at most. */
const LOOK_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
/** Stripe may be away for a day: with waits that double from a second, so many tries last longer. */
const TRIES = 18;

/** Sends off the payouts whose time has come. */
export const sendDue = jobType({
  name: 'payouts.sendDue',
  payload: Nothing,
  attempts: 3,
  timeoutMs: 10 * MINUTE_MS,
  schedule: { everyMs: LOOK_EVERY_MS },
});
/** Moves the money of one payout that was sent off. */
export const transfer = jobType({
  name: 'payouts.transfer',
  payload: z.strictObject({ payoutId: z.uuid() }),
  attempts: TRIES,
  timeoutMs: 2 * MINUTE_MS,
});
/** Takes money back that was ordered back. */
export const reverse = jobType({
  name: 'payouts.reverse',
  payload: z.strictObject({ reversalId: z.uuid() }),
  attempts: TRIES,
  timeoutMs: 2 * MINUTE_MS,
});
/** Asks Stripe about whatever stayed silent. */
export const sweep = jobType({
  name: 'payouts.sweep',
  payload: Nothing,
  attempts: 3,
  timeoutMs: 10 * MINUTE_MS,
  schedule: { everyMs: MINUTE_MS },
});

/** What Stripe told of accounts and transfers comes by way of the payments, where its signature is checked. */
export const payoutJobs = [sendDue, transfer, reverse, sweep, stripeEventForPayouts];
