/** Queues by what they are for; each has its own workers, so that slow mail does not hold up deliveries. */
export const QUEUES = {
  events: { concurrency: 4, purpose: 'Hands new events to those who listen.' },
  default: { concurrency: 8, purpose: 'Everything without a queue of its own.' },
  mail: { concurrency: 4, purpose: 'Sends mail.' },
  webhooks: { concurrency: 32, purpose: 'Delivers to webhook endpoints.' },
  feeds: { concurrency: 8, purpose: 'Fetches the calendars of other channels.' },
} as const;
export type QueueName = keyof typeof QUEUES;
export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];
