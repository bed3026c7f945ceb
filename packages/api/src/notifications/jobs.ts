import { z } from 'zod';
import { jobType } from '../platform/jobs/job.ts';
import { MAIL_TRIES } from '../platform/mail/mailer.ts';

export const sendMail = jobType({
  name: 'notifications.sendMail',
  payload: z.strictObject({ notificationId: z.uuid() }),
  ...MAIL_TRIES,
});
export const removeOld = jobType({
  name: 'notifications.removeOld',
  payload: z.strictObject({}),
  timeoutMs: 10 * 60_000,
  schedule: { everyMs: 60 * 60_000 },
});

export const notificationJobs = [sendMail, removeOld];
