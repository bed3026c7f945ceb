import type { Resources } from '../context.ts';
import { type RelayState, readRelayState } from '../events/lag.ts';
import type { Metrics } from '../http/metrics.ts';
import { ask } from './ask.ts';
import { type QueueState, readQueueStates } from './state.ts';
import { countJobs, type JobCounts } from './store.ts';

/** How long what was read is good for, in milliseconds: however often somebody scrapes, the queues are asked no more. */
const FRESH_MS = 5_000;

interface Reading {
  queues: QueueState[];
  jobs: JobCounts[];
  relay: RelayState;
}

type Values = [labels: Record<string, string>, value: number][];

/** Measures the queues and the relay. While they do not answer, these measurements are missing and all others are there. */
export function measureQueues(
  metrics: Metrics,
  { queues, db, log }: Pick<Resources, 'queues' | 'db' | 'log'>,
): void {
  let reading: Promise<Reading | undefined> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  function read(): Promise<Reading | undefined> {
    if (reading && performance.now() - readAt < FRESH_MS) return reading;
    readAt = performance.now();
    reading = ask(async () => {
      const [states, jobs, relay] = await Promise.all([
        readQueueStates(queues),
        countJobs(db),
        readRelayState(db),
      ]);
      return { queues: states, jobs, relay };
    }).catch((err: unknown) => {
      log.warn({ err }, 'the queues could not be measured');
      return undefined;
    });
    return reading;
  }

  const gauge = (name: string, help: string, labelNames: string[], values: (reading: Reading) => Values) =>
    metrics.measure({
      name,
      help,
      labelNames,
      async read() {
        const now = await read();
        return now ? values(now) : [];
      },
    });

  gauge('queue_jobs', 'Jobs by queue and state.', ['queue', 'state'], (now) => [
    ...now.queues.flatMap(({ name, waiting, active, delayed }) =>
      byState(name, { waiting, active, delayed }),
    ),
    ...now.jobs.flatMap(({ queue, scheduled, dead }) => byState(queue, { scheduled, dead })),
  ]);
  gauge('queue_paused', '1 while the work at a queue is stopped.', ['queue'], (now) =>
    now.queues.map(({ name, paused }) => [{ queue: name }, paused ? 1 : 0]),
  );
  gauge('events_outbox', 'Events that have no number yet.', [], ({ relay }) => [[{}, relay.outbox]]);
  gauge('events_behind', 'Events that a consumer has not looked at yet.', ['consumer'], ({ relay }) =>
    relay.consumers.map(({ name, behind }) => [{ consumer: name }, behind]),
  );
  gauge('events_set_aside', 'Events that a consumer could not take.', ['consumer'], ({ relay }) =>
    relay.consumers.map(({ name, setAside }) => [{ consumer: name }, setAside]),
  );
}

const byState = (queue: string, counts: Record<string, number>): Values =>
  Object.entries(counts).map(([state, value]) => [{ queue, state }, value]);
