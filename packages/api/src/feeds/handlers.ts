import type { EventConsumer } from '../platform/events/consumer.ts';
import type { JobHandler } from '../platform/jobs/job.ts';

export const feedHandlers: JobHandler[] = [];

export const feedConsumers: EventConsumer[] = [];
