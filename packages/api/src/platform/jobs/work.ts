import { type Job, UnrecoverableError, type Worker } from 'bullmq';
import { type Context, transaction } from '../context.ts';
import { consume } from '../events/consume.ts';
import type { EventConsumer } from '../events/consumer.ts';
import type { Share } from '../events/consumption.ts';
import { catchUp } from '../sandbox-clock.ts';
import { CONSUME, type QueuedJob } from './dispatch.ts';
import type { JobHandler } from './job.ts';
import { QUEUE_NAMES, QUEUES } from './queue-names.ts';
import type { Queues, WorkOptions } from './queues.ts';
import { buryJob, finishJob, isWanted } from './store.ts';

export interface Work {
  handlers: ReadonlyMap<string, JobHandler>;
  consumers: ReadonlyMap<string, EventConsumer>;
}

/** A process that freezes or dies loses its jobs after this long, in milliseconds; a living one renews its hold. */
const HOLD_MS = 10_000;
/** How long a consumer works at one share before others get their turn, in milliseconds. */
const TURN_MS = 1_000;

/** Works at all queues until closed. `ctx` is the context of the process; each job gets its own. */
export function openWorkers(ctx: Context, queues: Queues, work: Work): { close(): Promise<void> } {
  const stopping = new AbortController();
  const workers = QUEUE_NAMES.map((name) => {
    const options: WorkOptions = {
      concurrency: QUEUES[name].concurrency,
      lockDuration: HOLD_MS,
      stalledInterval: HOLD_MS / 2,
      // Machines die more often than a job kills them; one that does so for ever is dead after this many.
      maxStalledCount: 20,
    };
    const worker = queues.openWorker(name, (job) => runJob(ctx, work, job, stopping.signal), options);
    worker.on('failed', (job, error) => void afterFailure(ctx, job, error));
    return worker;
  });
  return { close: () => closeAll(workers, stopping) };
}

/** Jobs that run get a moment to finish; then they are told to stop, and done again by another process. */
async function closeAll(workers: readonly Worker[], stopping: AbortController): Promise<void> {
  const patience = setTimeout(() => stopping.abort(new Error('The process stops.')), PATIENCE_MS);
  const force = setTimeout(() => {
    for (const worker of workers) void worker.close(true);
  }, PATIENCE_MS + 1_000);
  await Promise.all(workers.map((worker) => worker.close()));
  clearTimeout(patience);
  clearTimeout(force);
}

const PATIENCE_MS = 6_000;

async function runJob(ctx: Context, work: Work, job: Job, stopping: AbortSignal): Promise<void> {
  const { id, payload } = job.data as QueuedJob;
  if (job.name === CONSUME) return takeEvents(ctx, work, payload as Share);
  const handler = work.handlers.get(job.name);
  // During a deployment the other half of the fleet may know it: it is tried again.
  if (!handler) throw new Error(`This version has no handler for the job ${job.name}.`);
  const parsed = handler.job.payload.safeParse(payload);
  if (!parsed.success) throw new UnrecoverableError(`The payload of ${job.name} is not valid.`);
  // A move of the sandbox's clock wakes what runs by a schedule, here perhaps before the news of the move has come.
  if (id === undefined) await catchUp(ctx);
  const inside: Context = { ...ctx, requestId: `${job.name}/${job.id}` };
  if (handler.inTransaction) await runOnce(inside, handler, id, parsed.data, stopping);
  else await runRepeatably(inside, handler, id, parsed.data, stopping);
}

/** The database bounds its time (`transaction_timeout`): one that is given up must not go on writing. */
function runOnce(
  ctx: Context,
  handler: JobHandler,
  id: string | undefined,
  payload: unknown,
  signal: AbortSignal,
): Promise<void> {
  return transaction(ctx, async (tx) => {
    if (id !== undefined && !(await finishJob(tx, id))) return;
    await handler.run({ ...ctx, db: tx }, payload as never, { signal });
  });
}

async function runRepeatably(
  ctx: Context,
  handler: JobHandler,
  id: string | undefined,
  payload: unknown,
  stopping: AbortSignal,
): Promise<void> {
  if (id !== undefined && !(await isWanted(ctx.db, id))) return;
  const { timeoutMs, name } = handler.job;
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
  const over = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () =>
      reject(stopping.aborted ? stopping.reason : new Error(`${name} took longer than ${timeoutMs} ms.`)),
    ),
  );
  await Promise.race([handler.run(ctx, payload as never, { signal }), over]);
  if (id !== undefined) await finishJob(ctx.db, id);
}

async function takeEvents(ctx: Context, { consumers }: Work, share: Share): Promise<void> {
  const consumer = consumers.get(share.consumer);
  if (!consumer) throw new Error(`This version has no consumer ${share.consumer}.`);
  const until = performance.now() + TURN_MS;
  while (await consume(ctx, consumer, share)) if (performance.now() > until) return;
}

/** The last failure of a job makes it dead, in the table that nothing is lost from. */
async function afterFailure(ctx: Context, job: Job | undefined, error: Error): Promise<void> {
  const { id } = (job?.data ?? {}) as Partial<QueuedJob>;
  const last = !job || job.attemptsMade >= (job.opts.attempts ?? 1) || error instanceof UnrecoverableError;
  ctx.log[last ? 'error' : 'warn'](
    { err: error, job: job?.name, jobId: job?.id, attempt: job?.attemptsMade },
    last ? 'a job failed for the last time' : 'a job failed and is tried again',
  );
  if (!last || id === undefined) return;
  try {
    await buryJob(ctx.db, id, ctx.clock.now(), error.message);
  } catch (err) {
    ctx.log.warn(
      { err, jobId: id },
      'a dead job could not be put aside; the next look at overdue jobs does it',
    );
  }
}
