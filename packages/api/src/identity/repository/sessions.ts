import type { Role } from '../../platform/actor.ts';
import type { Db, Tx } from '../../platform/context.ts';
import type { EndReason, RefreshState, Session } from '../model.ts';

const COLUMNS = [
  'id',
  'user_id as userId',
  'user_agent as userAgent',
  'address',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
  'expires_at as expiresAt',
  'ended_at as endedAt',
  'ended_reason as endedReason',
] as const;

interface SessionRow extends Omit<Session, 'endedReason'> {
  endedReason: string | null;
}

// The check constraint of the table knows no other reason.
const toSession = (row: SessionRow) => row as Session;

export async function insertSession(
  db: Db,
  session: Session,
  { familyHash, tokenHash }: { familyHash: Buffer; tokenHash: Buffer },
): Promise<void> {
  await db
    .insertInto('sessions')
    .values({
      id: session.id,
      user_id: session.userId,
      family_hash: familyHash,
      refresh_hash: tokenHash,
      rotated_at: session.createdAt,
      user_agent: session.userAgent,
      address: session.address,
      created_at: session.createdAt,
      last_used_at: session.lastUsedAt,
      expires_at: session.expiresAt,
    })
    .execute();
}

/** The living session of a family of refresh tokens, locked until the transaction ends. */
export async function lockSessionOfFamily(
  tx: Tx,
  familyHash: Buffer,
  now: Date,
): Promise<(Session & RefreshState) | undefined> {
  const row = await tx
    .selectFrom('sessions')
    .select([
      ...COLUMNS,
      'refresh_hash as refreshHash',
      'previous_refresh_hash as previousRefreshHash',
      'rotated_at as rotatedAt',
    ])
    .where('family_hash', '=', familyHash)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .forUpdate()
    .executeTakeFirst();
  return row && { ...row, ...toSession(row) };
}

/** Keeps what using a refresh token changes. */
export async function updateRefreshState(
  tx: Tx,
  { id, lastUsedAt, expiresAt }: Session,
  state: RefreshState,
): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({
      refresh_hash: state.refreshHash,
      previous_refresh_hash: state.previousRefreshHash,
      rotated_at: state.rotatedAt,
      last_used_at: lastUsedAt,
      expires_at: expiresAt,
    })
    .where('id', '=', id)
    .execute();
}

interface Ending {
  reason: EndReason;
  now: Date;
}

const livingOf = (db: Db, userId: string, { reason, now }: Ending) =>
  db
    .updateTable('sessions')
    .set({ ended_at: now, ended_reason: reason })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now);

/** False when this user has no such living session. */
export async function endSession(db: Db, userId: string, id: string, ending: Ending): Promise<boolean> {
  const { numUpdatedRows } = await livingOf(db, userId, ending).where('id', '=', id).executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Ends the living sessions of a user but for one; returns the ids of those it ended. */
export async function endSessions(
  db: Db,
  userId: string,
  ending: Ending,
  except: string | null,
): Promise<string[]> {
  const query = livingOf(db, userId, ending).returning('id');
  const rows = await (except === null ? query : query.where('id', '<>', except)).execute();
  return rows.map(({ id }) => id);
}

/** Where and with what a closed account signed in is nobody's business any more. */
export async function removeSessionTraces(tx: Tx, userId: string): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ user_agent: null, address: null })
    .where('user_id', '=', userId)
    .execute();
}

/** Living sessions, newest first, one more than `limit` when there are more. */
export async function listSessions(
  db: Db,
  userId: string,
  { now, before, limit }: { now: Date; before: string | undefined; limit: number },
): Promise<Session[]> {
  let query = db
    .selectFrom('sessions')
    .select(COLUMNS)
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(toSession);
}

/** Every session that is kept of a user, ended ones as well. */
export async function listKeptSessions(db: Db, userId: string): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .select(COLUMNS)
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute();
  return rows.map(toSession);
}

/** Who a living session of an active account belongs to. */
export async function findSessionHolder(
  db: Db,
  id: string,
  now: Date,
): Promise<{ userId: string; role: Role } | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['users.id as userId', 'users.role'])
    .where('sessions.id', '=', id)
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', now)
    .where('users.status', '=', 'active')
    .executeTakeFirst();
  return row && { userId: row.userId, role: row.role as Role };
}

/** Removes sessions that could no longer be used anyway: an ended one is kept for as long as it might have lived. */
export async function removeExpiredSessions(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<', now).execute();
}
