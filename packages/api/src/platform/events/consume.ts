import { sql } from 'kysely';
import type { Context, Tx } from '../context.ts';
import { type EventConsumer, MAX_ATTEMPTS, waitBeforeAttempt } from './consumer.ts';
import {
  advanceCursor,
  claimShare,
  keepFailure,
  keepForLater,
  listDueRetries,
  listWaitingSubjects,
  type Retry,
  removeRetry,
  type Share,
} from './consumption.ts';
import type { StoredEvent } from './event.ts';
import { listEventsBySequence, listEventsOfPartition } from './log.ts';

const BATCH = 200;

/** Whether there may be more to do at once. */
type More = boolean;

/**
 * Takes the next events of one share. All that handlers write, how far the consumer has come, and what must be tried
 * again are one transaction: a crash at any moment repeats no effect and loses none.
 *
 * An event that fails does not hold up its partition: it waits, and with it only the later ones of the same subject.
 */
export async function consume(ctx: Context, consumer: EventConsumer, share: Share): Promise<More> {
  try {
    return await step(ctx, consumer, share, together);
  } catch (err) {
    // One of them fails, or all do because the database is away: by itself each tells which.
    ctx.log.debug({ err, ...share }, 'a batch of events failed; its events are taken one by one');
    return step(ctx, consumer, share, oneByOne);
  }
}

type Take = (ctx: Context, consumer: EventConsumer, share: Share, events: StoredEvent[]) => Promise<void>;

const step = (ctx: Context, consumer: EventConsumer, share: Share, take: Take): Promise<More> =>
  ctx.db.transaction().execute(async (tx) => {
    const inside = { ...ctx, db: tx };
    const after = await claimShare(tx, share);
    if (after === undefined) return false;
    const retried = await retryDue(inside, tx, consumer, share);
    const events = await listEventsOfPartition(tx, share.partition, { after, limit: BATCH });
    const last = events.at(-1);
    if (!last) return retried;
    const wanted = events.filter(({ type }) => consumer.types?.includes(type) ?? true);
    const free = await withoutWaiting(ctx, tx, share, wanted);
    if (free.length > 0) await take(inside, consumer, share, free);
    await advanceCursor(tx, share, last.sequence);
    return retried || events.length === BATCH;
  });

const together: Take = (ctx, consumer, _share, events) => consumer.handle(ctx, events);

const oneByOne: Take = async (ctx, consumer, share, events) => {
  const tx = ctx.db as Tx;
  const failed = new Set<string>();
  for (const event of events) {
    const now = ctx.clock.now();
    if (failed.has(event.subjectId)) {
      await keepForLater(tx, share, [event], { attempts: 0, nextAttemptAt: now, error: null });
      continue;
    }
    const error = await attempt(ctx, tx, consumer, event);
    if (error === undefined) continue;
    failed.add(event.subjectId);
    const nextAttemptAt = new Date(now.getTime() + waitBeforeAttempt(1, Math.random()));
    await keepForLater(tx, share, [event], { attempts: 1, nextAttemptAt, error });
  }
};

/** What went wrong; undefined when nothing did. What a failed handler wrote is taken back. */
async function attempt(
  ctx: Context,
  tx: Tx,
  consumer: EventConsumer,
  event: StoredEvent,
): Promise<string | undefined> {
  await sql`savepoint event`.execute(tx);
  try {
    await consumer.handle(ctx, [event]);
    await sql`release savepoint event`.execute(tx);
    return undefined;
  } catch (err) {
    await sql`rollback to savepoint event`.execute(tx);
    ctx.log.warn({ err, consumer: consumer.name, sequence: event.sequence }, 'an event could not be handled');
    return err instanceof Error ? err.message : String(err);
  }
}

/** Events whose subject has one that waits join it; answers the others. */
async function withoutWaiting(
  ctx: Context,
  tx: Tx,
  share: Share,
  events: StoredEvent[],
): Promise<StoredEvent[]> {
  if (events.length === 0) return events;
  const waiting = await listWaitingSubjects(tx, share, [
    ...new Set(events.map(({ subjectId }) => subjectId)),
  ]);
  if (waiting.size === 0) return events;
  const held = events.filter(({ subjectId }) => waiting.has(subjectId));
  await keepForLater(tx, share, held, { attempts: 0, nextAttemptAt: ctx.clock.now(), error: null });
  return events.filter(({ subjectId }) => !waiting.has(subjectId));
}

async function retryDue(ctx: Context, tx: Tx, consumer: EventConsumer, share: Share): Promise<More> {
  const due = await listDueRetries(tx, share, ctx.clock.now(), BATCH);
  const events = await listEventsBySequence(
    tx,
    due.map(({ sequence }) => sequence),
  );
  for (const event of events) {
    const retry = due.find(({ sequence }) => sequence === event.sequence)!;
    const error = await attempt(ctx, tx, consumer, event);
    if (error === undefined) await removeRetry(tx, share, event.sequence);
    else
      await keepFailure(
        tx,
        share,
        { ...retry, attempts: retry.attempts + 1 },
        afterFailure(ctx, retry, error),
      );
  }
  return events.length > 0;
}

function afterFailure({ clock }: Context, { attempts }: Retry, error: string) {
  const made = attempts + 1;
  if (made >= MAX_ATTEMPTS) return { nextAttemptAt: null, error };
  const wait = waitBeforeAttempt(made, Math.random());
  return { nextAttemptAt: new Date(clock.now().getTime() + wait), error };
}
