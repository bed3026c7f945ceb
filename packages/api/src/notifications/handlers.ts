import { consumer, type EventConsumer } from '../platform/events/consumer.ts';
import { handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import * as jobs from './jobs.ts';
import { notificationKinds } from './kinds.ts';
import { notify } from './service/notify.ts';
import { removeOld } from './service/remove-old.ts';
import { sendMail } from './service/send-mail.ts';

export const notificationHandlers: JobHandler[] = [
  handleRepeatably(jobs.sendMail, (ctx, { notificationId }, { signal }) =>
    sendMail(ctx, notificationId, signal),
  ),
  handleRepeatably(jobs.removeOld, (ctx, _payload, { signal }) => removeOld(ctx, signal)),
];

export const notificationConsumers: EventConsumer[] = [
  consumer({
    name: 'notifications.notify',
    types: notificationKinds.map(({ on }) => on),
    handle: notify,
  }),
];
