import { z } from 'zod';
import { jobType } from '../platform/jobs/job.ts';

const Nothing = z.strictObject({});

/** How often deliveries whose time has come are looked for, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** Wakes the endpoints that have something due. */
export const wakeDue = jobType({
  name: 'webhooks.wakeDue',
  payload: Nothing,
  attempts: 3,
  schedule: { everyMs: LOOK_EVERY_MS },
});
/** Sends one endpoint what is due. It has no row: what is due is in the deliveries themselves. */
export const deliver = jobType({
  name: 'webhooks.deliver',
  queue: 'webhooks',
  payload: z.strictObject({ endpointId: z.uuid() }),
  attempts: 1,
  timeoutMs: 60_000,
});
/** Makes deliveries of events from before, some at a time. */
export const replay = jobType({
  name: 'webhooks.replay',
  payload: z.strictObject({
    endpointId: z.uuid(),
    fromSequence: z.int().min(1),
    toSequence: z.int().min(0),
    types: z.array(z.string()),
  }),
});
export const removeOld = jobType({
  name: 'webhooks.removeOld',
  payload: Nothing,
  timeoutMs: 10 * 60_000,
  schedule: { everyMs: 10 * 60_000 },
});

export const webhookJobs = [wakeDue, deliver, replay, removeOld];
