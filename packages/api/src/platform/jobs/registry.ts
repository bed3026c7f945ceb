import type { EventConsumer } from '../events/consumer.ts';
import type { JobHandler, JobType } from './job.ts';
import type { Work } from './work.ts';

/**
 * All background work of a process by name.
 *
 * @throws when a job has no handler or two, or two consumers have one name: then the process must not start.
 */
export function workOf(
  jobs: readonly JobType[],
  handlers: readonly JobHandler[],
  consumers: readonly EventConsumer[],
): Work {
  const faults = [
    ...twice(jobs.map(({ name }) => name)).map((name) => `two jobs are called ${name}`),
    ...twice(handlers.map(({ job }) => job.name)).map((name) => `the job ${name} has two handlers`),
    ...twice(consumers.map(({ name }) => name)).map((name) => `two consumers are called ${name}`),
    ...jobs
      .filter((job) => !handlers.some((handler) => handler.job === job))
      .map(({ name }) => `the job ${name} has no handler`),
    ...handlers
      .filter(({ job }) => !jobs.includes(job))
      .map(({ job }) => `the job ${job.name} is not listed`),
  ];
  if (faults.length > 0) throw new Error(`The background work is not whole: ${faults.join('; ')}.`);
  return {
    handlers: new Map(handlers.map((handler) => [handler.job.name, handler])),
    consumers: new Map(consumers.map((consumer) => [consumer.name, consumer])),
  };
}

const twice = (names: readonly string[]) =>
  [...Map.groupBy(names, (name) => name)].filter(([, same]) => same.length > 1).map(([name]) => name);
