import { consumer, type EventConsumer } from '../platform/events/consumer.ts';
import { handleOnce, handleRepeatably, type JobHandler } from '../platform/jobs/job.ts';
import * as jobs from './jobs.ts';
import { deliver } from './service/deliver.ts';
import { fanOut } from './service/fan-out.ts';
import { removeOld } from './service/remove-old.ts';
import { replay } from './service/replay.ts';
import { wakeDue } from './service/wake-due.ts';

export const webhookHandlers: JobHandler[] = [
  handleRepeatably(jobs.wakeDue, (ctx) => wakeDue(ctx)),
  handleRepeatably(jobs.deliver, (ctx, { endpointId }, { signal }) => deliver(ctx, endpointId, signal)),
  handleOnce(jobs.replay, (ctx, payload) => replay(ctx, payload)),
  handleRepeatably(jobs.removeOld, (ctx, _payload, { signal }) => removeOld(ctx, signal)),
];

export const webhookConsumers: EventConsumer[] = [consumer({ name: 'webhooks.fanOut', handle: fanOut })];
