import { sql } from 'kysely';
import { z } from 'zod';
import { consumer } from '../../../packages/api/src/platform/events/consumer.ts';
import { eventType } from '../../../packages/api/src/platform/events/event.ts';
import { enqueueAll } from '../../../packages/api/src/platform/jobs/enqueue.ts';
import { handleOnce, jobType } from '../../../packages/api/src/platform/jobs/job.ts';
import { workOf } from '../../../packages/api/src/platform/jobs/registry.ts';

/** What the storm is about: one event for each number of a subject, one effect and one job for each event. */
export const counted = eventType({
  type: 'storm.counted',
  subject: 'user',
  summary: 'A subject was given its next number.',
  data: z.object({ number: z.int().min(0).max(1_000_000) }),
});

const tally = jobType({
  name: 'storm.tally',
  payload: z.strictObject({ eventId: z.uuid(), subjectId: z.uuid(), number: z.int().min(0).max(1_000_000) }),
});

/** Nothing keeps an effect from being written twice but what is under test. */
export const stormTables = `
  create table storm_subjects (id uuid primary key, number integer not null default 0);
  create table storm_effects (
    id bigint generated always as identity primary key, kind text, event_id uuid, subject_id uuid, number integer,
    written_at timestamptz not null default clock_timestamp()
  );`;

export const stormWork = workOf(
  [tally],
  [
    handleOnce(tally, async (ctx, { eventId, subjectId, number }) => {
      await sql`insert into storm_effects (kind, event_id, subject_id, number)
        values ('job', ${eventId}, ${subjectId}, ${number})`.execute(ctx.db);
    }),
  ],
  [
    consumer({
      name: 'storm.count',
      types: [counted.type],
      async handle(ctx, events) {
        const { db } = ctx;
        if (!db.isTransaction) throw new Error('A consumer works in a transaction.');
        for (const { id, subjectId, data } of events)
          await sql`insert into storm_effects (kind, event_id, subject_id, number)
            values ('event', ${id}, ${subjectId}, ${data.number})`.execute(db);
        await enqueueAll(
          ctx,
          db as never,
          tally,
          events.map(({ id, subjectId, data }) => ({
            payload: { eventId: id, subjectId, number: data.number as number },
          })),
        );
      },
    }),
  ],
);
