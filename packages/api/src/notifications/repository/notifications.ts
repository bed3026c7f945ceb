import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import { newUuid } from '../../platform/id.ts';
import { type News, type Notification, type Told, WINDOW_SLOT } from '../model.ts';

// How many events a notification tells of: ranges are kept as few and as long as can be, and hold no other number.
const COUNT = sql<number>`(select sum(upper(range) - lower(range)) from unnest(events) as ranges (range))::int`;
const COLUMNS = [
  'id',
  'user_id as userId',
  'kind',
  'data as told',
  COUNT.as('count'),
  'created_at as createdAt',
  'read_at as readAt',
] as const;

type Row = Omit<Notification, 'told'> & { told: unknown };

// `insertNotifications` wrote it.
const toNotification = (row: Row): Notification => ({ ...row, told: row.told as Told });

/** Those of these users whose account is not closed; none of them can be closed until the transaction ends. */
export async function lockRecipients(tx: Tx, userIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('users')
    .select('id')
    .where(sql<boolean>`id = any(${userIds}::uuid[])`)
    .where('status', '<>', 'deleted')
    .orderBy('id')
    .forShare()
    .execute();
  return new Set(rows.map(({ id }) => id));
}

const TYPES = {
  id: 'uuid',
  user_id: 'uuid',
  kind: 'text',
  slot: 'text',
  events: 'int8multirange',
  data: 'jsonb',
  in_app: 'boolean',
} as const;

/**
 * Keeps news. What is known already is left alone; what falls into the window of another is added to that one. Answers
 * the new notifications, by their news.
 */
export async function insertNotifications<N extends News>(
  tx: Tx,
  news: readonly (N & { inApp: boolean })[],
  now: Date,
): Promise<Map<string, N>> {
  // Ids ascend with the events, so that what happened later is further up in the list.
  const ids = news.map(() => newUuid(now)).sort();
  const byId = new Map(news.map((one, index) => [ids[index]!, one] as const));
  const rows = [...byId].map(([id, { userId, kind, slot, sequences, told, inApp }]) => ({
    id,
    user_id: userId,
    kind: kind.kind,
    slot,
    events: `{${sequences.map((sequence) => `[${sequence},${sequence}]`).join(',')}}`,
    data: JSON.stringify(told),
    in_app: inApp,
  }));
  const columns = sql.join(Object.keys(TYPES).map((name) => sql.ref(name)));
  // In one order, so that two that add to the same notifications wait for each other and cannot deadlock.
  const { rows: written } = await sql<{ id: string }>`
    insert into notifications (created_at, ${columns})
    select ${now}::timestamptz, ${columns} from ${columnwise(rows, TYPES)} as rows order by user_id, kind, slot
    on conflict (user_id, kind, slot) do update
      set events = notifications.events + excluded.events,
        data = excluded.data,
        in_app = notifications.in_app or excluded.in_app
      where not notifications.events @> excluded.events
    returning id`.execute(tx);
  return new Map(written.flatMap(({ id }) => (byId.has(id) ? [[id, byId.get(id)!]] : [])));
}

const inListOf = (db: Db, userId: string) =>
  db.selectFrom('notifications').where('user_id', '=', userId).where('in_app', '=', true);

export interface NotificationFilter {
  unread: boolean;
  before: string | undefined;
  limit: number;
}

/** Newest first, one more than `limit` when there are more. */
export async function listNotifications(
  db: Db,
  userId: string,
  { unread, before, limit }: NotificationFilter,
): Promise<Notification[]> {
  let query = inListOf(db, userId).select(COLUMNS);
  if (unread) query = query.where('read_at', 'is', null);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(toNotification);
}

export async function countUnread(db: Db, userId: string): Promise<number> {
  const { count } = await inListOf(db, userId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Everything that is kept for a user, the newest last. */
export async function listKeptNotifications(db: Db, userId: string): Promise<Notification[]> {
  const rows = await db
    .selectFrom('notifications')
    .select(COLUMNS)
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute();
  return rows.map(toNotification);
}

// What comes later than the reading must be told anew, so a window is closed by it.
const READ_SLOT = sql<string>`case when starts_with(slot, ${WINDOW_SLOT}) then 'read:' || id else slot end`;

const reading = (db: Db, userId: string, now: Date) =>
  db
    .updateTable('notifications')
    .set({ read_at: sql`coalesce(read_at, ${now})`, slot: READ_SLOT })
    .where('user_id', '=', userId)
    .where('in_app', '=', true);

/** Undefined when the user's list has no such notification. */
export async function markRead(
  db: Db,
  userId: string,
  id: string,
  now: Date,
): Promise<Notification | undefined> {
  const row = await reading(db, userId, now).where('id', '=', id).returning(COLUMNS).executeTakeFirst();
  return row && toNotification(row);
}

/** Marks what is unread, up to one of the user's own or all of it; answers how many it were, undefined without that one. */
export async function markAllRead(
  tx: Tx,
  userId: string,
  upTo: string | undefined,
  now: Date,
): Promise<number | undefined> {
  let query = reading(tx, userId, now).where('read_at', 'is', null);
  if (upTo !== undefined) {
    const known = await inListOf(tx, userId).select('id').where('id', '=', upTo).executeTakeFirst();
    if (!known) return undefined;
    query = query.where('id', '<=', upTo);
  }
  const { numUpdatedRows } = await query.executeTakeFirst();
  return Number(numUpdatedRows);
}

/** A notification whose mail has not been sent. */
export async function findUnmailed(db: Db, id: string): Promise<Notification | undefined> {
  const row = await db
    .selectFrom('notifications')
    .select(COLUMNS)
    .where('id', '=', id)
    .where('mailed_at', 'is', null)
    .executeTakeFirst();
  return row && toNotification(row);
}

export async function markMailed(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable('notifications').set({ mailed_at: now }).where('id', '=', id).execute();
}

/** Removes up to `limit` notifications from before an instant; answers how many it were. */
export async function removeNotificationsBefore(db: Db, instant: Date, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('notifications')
    .where('id', 'in', (old) =>
      old
        .selectFrom('notifications')
        .select('id')
        .where('created_at', '<', instant)
        .orderBy('created_at')
        .limit(limit),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
