import type { Context, Tx } from '../../platform/context.ts';
import type { StoredEvent } from '../../platform/events/event.ts';
import { enqueueAll } from '../../platform/jobs/enqueue.ts';
import * as jobs from '../jobs.ts';

// The id of the event is that of the mail: one event, one mail, however often either is taken.

/** A new account gets a mail by which it proves its address. */
export function wantVerifications(ctx: Context, events: readonly StoredEvent[]): Promise<void> {
  const unproved = events.filter(({ data }) => data.emailVerified !== true);
  return enqueueAll(
    ctx,
    ctx.db as Tx,
    jobs.sendVerification,
    unproved.map(({ subjectId, id }) => ({ payload: { userId: subjectId, mailId: id } })),
  );
}

/** Whoever's password was changed hears of it. */
export function wantPasswordNotices(ctx: Context, events: readonly StoredEvent[]): Promise<void> {
  return enqueueAll(
    ctx,
    ctx.db as Tx,
    jobs.sendPasswordChanged,
    events.map(({ subjectId, id, occurredAt }) => ({
      payload: { userId: subjectId, mailId: id, changedAt: occurredAt.toISOString() },
    })),
  );
}
