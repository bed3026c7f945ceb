import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from './context.ts';
import { ensureCursors, listBehind } from './events/consumption.ts';
import { sequenceOutbox } from './events/sequence.ts';
import { dispatchDue, dispatchLost, ensureSchedules, sharesOf, wakeConsumers } from './jobs/dispatch.ts';
import type { Queues } from './jobs/queues.ts';
import { hasWork } from './jobs/store.ts';
import type { Work } from './jobs/work.ts';

export interface Relay {
  close(): Promise<void>;
}

const OUTBOX_BATCH = 5_000;
/** How long it rests when there was nothing to do, in milliseconds: the most that it adds to the way of an event. */
const REST_MS = 50;
const REST_AFTER_FAILURE_MS = 1_000;
/** How often it looks for what was lost on the way, in milliseconds. */
const SWEEP_EVERY_MS = 5_000;

/**
 * Hands on what transactions left behind: events get their numbers and wake those who listen, jobs whose time has come
 * go to their queues. Any number of processes may do so at once. All that it hands on stays in PostgreSQL until it is
 * done, so that it may stop, or the queues be emptied, at any moment.
 */
export function startRelay(ctx: Context, queues: Queues, work: Work): Relay {
  const stopping = new AbortController();
  const consumers = [...work.consumers.values()];
  const rest = (milliseconds: number) =>
    wait(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);

  async function prepare() {
    await ensureCursors(
      ctx.db,
      consumers.map(({ name }) => name),
    );
    await ensureSchedules(queues, work.handlers.values());
  }

  async function handOn(): Promise<boolean> {
    if (!(await hasWork(ctx.db, ctx.clock.now()))) return false;
    const { count, partitions } = await sequenceOutbox(ctx.db, OUTBOX_BATCH);
    await wakeConsumers(queues, sharesOf(consumers, partitions));
    return (await dispatchDue(ctx, queues, work.handlers)) || count === OUTBOX_BATCH;
  }

  async function sweep() {
    await prepare();
    const behind = await listBehind(ctx.db, ctx.clock.now());
    await wakeConsumers(
      queues,
      behind.filter(({ consumer }) => work.consumers.has(consumer)),
    );
    await dispatchLost(ctx, queues, work.handlers);
  }

  async function run() {
    let nextSweep = 0;
    let failing = false;
    while (!stopping.signal.aborted) {
      try {
        if (performance.now() >= nextSweep) {
          nextSweep = performance.now() + SWEEP_EVERY_MS;
          await sweep();
        }
        if (!(await handOn())) await rest(REST_MS);
        failing = false;
      } catch (err) {
        // The database or the queue is away. What was not handed on is found again when they are back.
        if (!failing) ctx.log.warn({ err }, 'events and jobs cannot be handed on; it is tried again');
        failing = true;
        nextSweep = 0;
        await rest(REST_AFTER_FAILURE_MS);
      }
    }
  }

  const running = run();
  return {
    async close() {
      stopping.abort();
      await running;
    },
  };
}
