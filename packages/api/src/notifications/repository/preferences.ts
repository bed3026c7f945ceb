import { sql } from 'kysely';
import type { Db } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import type { Channel, Decision } from '../model.ts';

/** What these users decided. */
export async function listDecisions(
  db: Db,
  userIds: readonly string[],
): Promise<(Decision & { userId: string })[]> {
  const rows = await db
    .selectFrom('notification_preferences')
    .select(['user_id as userId', 'kind', 'channel', 'enabled'])
    .where(sql<boolean>`user_id = any(${userIds}::uuid[])`)
    .orderBy('kind')
    .orderBy('channel')
    .execute();
  // The check constraint of the table knows no other channel.
  return rows.map((row) => ({ ...row, channel: row.channel as Channel }));
}

const TYPES = { kind: 'text', channel: 'text', enabled: 'boolean' } as const;

/** Keeps what a user decided; nothing for an account that was closed. */
export async function upsertDecisions(
  db: Db,
  userId: string,
  decisions: readonly Decision[],
  now: Date,
): Promise<void> {
  const rows = decisions.map(({ kind, channel, enabled }) => ({ kind, channel, enabled }));
  // In one order, so that two requests of one user cannot deadlock.
  await sql`insert into notification_preferences (user_id, updated_at, kind, channel, enabled)
    select users.id, ${now}::timestamptz, kind, channel, enabled
    from ${columnwise(rows, TYPES)} as rows
    join (select id from users where id = ${userId} and status <> 'deleted' for share) as users on true
    order by kind, channel
    on conflict (user_id, kind, channel) do update
      set enabled = excluded.enabled, updated_at = excluded.updated_at`.execute(db);
}
