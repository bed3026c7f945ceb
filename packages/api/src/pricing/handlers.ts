import type { EventConsumer } from '../platform/events/consumer.ts';
import type { JobHandler } from '../platform/jobs/job.ts';

export const pricingHandlers: JobHandler[] = [];

export const pricingConsumers: EventConsumer[] = [];
