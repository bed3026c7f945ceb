import { sql } from 'kysely';
import type { z } from 'zod';
import type { Actor } from '../actor.ts';
import type { Context, Tx } from '../context.ts';
import { columnwise } from '../db/columnwise.ts';
import { newUuid, publicId } from '../id.ts';
import type { EventActor, EventType } from './event.ts';

/** One piece of news of a kind. */
export interface News<E extends EventType> {
  /** What it is about, by its id in the database. */
  subjectId: string;
  /** The users whose world it belongs to; admins see everything. */
  audience: readonly string[];
  data: z.input<E['data']>;
  /** Of what changed, the values from before; events of some kinds have none. */
  previous?: E['previous'] extends null ? null : z.input<NonNullable<E['previous']>> | null;
}

/** Writes an event in the transaction of what it tells: both are there or neither. */
export const emit = <E extends EventType>(ctx: Context, tx: Tx, type: E, news: News<E>): Promise<void> =>
  emitAll(ctx, tx, type, [news]);

const OUTBOX_TYPES = {
  id: 'uuid',
  type: 'text',
  subject_type: 'text',
  subject_id: 'uuid',
  actor: 'jsonb',
  audience: 'uuid[]',
  data: 'jsonb',
  previous: 'jsonb',
} as const;

/** Writes many events of one kind in one statement, in their order. */
export async function emitAll<E extends EventType>(
  ctx: Context,
  tx: Tx,
  { type, subject, data, previous }: E,
  news: readonly News<E>[],
): Promise<void> {
  if (news.length === 0) return;
  const now = ctx.clock.now();
  const actor = ctx.actor && JSON.stringify(eventActor(ctx.actor));
  const rows = news.map((one) => ({
    id: newUuid(now),
    type,
    subject_type: subject,
    subject_id: one.subjectId,
    actor,
    audience: `{${one.audience.join(',')}}`,
    data: JSON.stringify(data.parse(one.data)),
    previous: previous && one.previous ? JSON.stringify(previous.parse(one.previous)) : null,
  }));
  const columns = sql.join(Object.keys(OUTBOX_TYPES).map((name) => sql.ref(name)));
  await sql`insert into outbox (occurred_at, ${columns})
    select ${now}::timestamptz, ${columns} from ${columnwise(rows, OUTBOX_TYPES)} as rows`.execute(tx);
}

const eventActor = ({ userId, apiKeyId }: Actor): EventActor => ({
  id: publicId('usr', userId),
  apiKeyId: apiKeyId && publicId('key', apiKeyId),
});
