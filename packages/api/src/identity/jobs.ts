import { z } from 'zod';
import { jobType } from '../platform/jobs/job.ts';
import { MAIL_TRIES } from '../platform/mail/mailer.ts';

export const removeExpired = jobType({
  name: 'identity.removeExpired',
  payload: z.strictObject({}),
  schedule: { everyMs: 10 * 60_000 },
});

// What a mail is about is looked up when it is written: no address and no token lies in a queue. The id of the mail is
// chosen when it is wanted, so that it is the same however often it is sent.
const ToSend = z.strictObject({ userId: z.uuid(), mailId: z.uuid() });
export type ToSend = z.output<typeof ToSend>;

export const sendVerification = jobType({
  ...MAIL_TRIES,
  name: 'identity.sendVerification',
  payload: ToSend,
});
export const sendPasswordReset = jobType({
  ...MAIL_TRIES,
  name: 'identity.sendPasswordReset',
  payload: ToSend,
});
export const sendPasswordChanged = jobType({
  ...MAIL_TRIES,
  name: 'identity.sendPasswordChanged',
  payload: ToSend.extend({ changedAt: z.iso.datetime() }),
});

export const identityJobs = [removeExpired, sendVerification, sendPasswordReset, sendPasswordChanged];
