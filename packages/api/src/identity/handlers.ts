import { consumer, type EventConsumer } from '../platform/events/consumer.ts';
import { handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import { userPasswordChanged, userRegistered } from './events.ts';
import * as jobs from './jobs.ts';
import { removeExpired } from './service/remove-expired.ts';
import { sendPasswordChanged } from './service/send-password-changed.ts';
import { sendPasswordReset } from './service/send-password-reset.ts';
import { sendVerification } from './service/send-verification.ts';
import { wantPasswordNotices, wantVerifications } from './service/want-mails.ts';

export const identityHandlers: JobHandler[] = [
  handleRepeatably(jobs.removeExpired, (ctx) => removeExpired(ctx)),
  handleRepeatably(jobs.sendVerification, sendVerification),
  handleRepeatably(jobs.sendPasswordReset, sendPasswordReset),
  handleRepeatably(jobs.sendPasswordChanged, sendPasswordChanged),
];

export const identityConsumers: EventConsumer[] = [
  consumer({ name: 'identity.onRegistered', types: [userRegistered.type], handle: wantVerifications }),
  consumer({
    name: 'identity.onPasswordChanged',
    types: [userPasswordChanged.type],
    handle: wantPasswordNotices,
  }),
];
