import { type Context, transaction } from '../src/platform/context.ts';
import { consume } from '../src/platform/events/consume.ts';
import { ensureCursors } from '../src/platform/events/consumption.ts';
import { sequenceOutbox } from '../src/platform/events/sequence.ts';
import { sharesOf } from '../src/platform/jobs/dispatch.ts';
import { claimDueJobs, type DispatchedJob, finishJob, giveBackJobs } from '../src/platform/jobs/store.ts';
import { work as allWork } from '../src/surface.ts';
import { SECRET_KEY, type TestServer } from './server.ts';

const MOST_ROUNDS = 50;
const MOST_TRIES = 3;

/** Turns something at the emulator that no client of Stripe can. */
export async function controlStripe(
  { emulator }: Pick<TestServer, 'emulator'>,
  path: string,
  body: Record<string, string | number | boolean> = {},
): Promise<{ id: string }> {
  const fields = Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]);
  const answer = await fetch(`${emulator.url}/_emulator/${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${SECRET_KEY}` },
    body: new URLSearchParams(fields),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { id: string };
}

/**
 * Does in this process, one after the other, what workers do: Stripe tells what happened, events get their numbers,
 * consumers take them, and the handlers of jobs whose time has come run as a worker runs them. Over and over, until all
 * is quiet.
 *
 * @throws when a job or a consumer fails for good
 */
export async function workOff(server: TestServer, ctx: Context): Promise<void> {
  await ensureCursors(ctx.db, [...allWork.consumers.keys()]);
  const tries = new Map<string, number>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await controlStripe(server, 'webhooks/flush');
    const events = await takeEvents(ctx);
    const jobs = await claimDueJobs(ctx.db, ctx.clock.now(), 1_000);
    for (const job of jobs) await runJob(ctx, job, tries);
    if (events === 0 && jobs.length === 0) return refuseSetAside(ctx);
  }
  throw new Error('There is no end of work.');
}

async function takeEvents(ctx: Context): Promise<number> {
  const { count, partitions } = await sequenceOutbox(ctx.db, 5_000);
  for (const share of sharesOf([...allWork.consumers.values()], partitions))
    while (await consume(ctx, allWork.consumers.get(share.consumer)!, share));
  return count;
}

async function runJob(ctx: Context, job: DispatchedJob, tries: Map<string, number>): Promise<void> {
  const { inTransaction, job: type, run } = allWork.handlers.get(job.name)!;
  const payload = type.payload.parse(job.payload) as never;
  const inside = { ...ctx, requestId: job.name };
  const signal = new AbortController().signal;
  try {
    if (inTransaction)
      await transaction(inside, async (tx) => {
        if (await finishJob(tx, job.id)) await run({ ...inside, db: tx }, payload, { signal });
      });
    else {
      await run(inside, payload, { signal });
      await finishJob(ctx.db, job.id);
    }
  } catch (error) {
    const made = (tries.get(job.id) ?? 0) + 1;
    if (made === MOST_TRIES) throw new Error(`The job ${job.name} fails.`, { cause: error });
    tries.set(job.id, made);
    await giveBackJobs(ctx.db, [job.id]);
  }
}

async function refuseSetAside({ db }: Context): Promise<void> {
  const failed = await db.selectFrom('event_retries').select(['consumer', 'error']).execute();
  const [first] = failed;
  if (first) throw new Error(`The consumer ${first.consumer} could not take an event: ${first.error}.`);
}
