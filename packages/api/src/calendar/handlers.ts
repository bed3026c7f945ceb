import type { EventConsumer } from '../platform/events/consumer.ts';
import type { JobHandler } from '../platform/jobs/job.ts';

export const calendarHandlers: JobHandler[] = [];

export const calendarConsumers: EventConsumer[] = [];
