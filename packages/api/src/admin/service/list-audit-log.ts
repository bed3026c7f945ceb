import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { type StoredEvent, SUBJECTS } from '../../platform/events/event.ts';
import { listActs } from '../../platform/events/log.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import { uuidOf } from '../../platform/id.ts';

export interface AuditQuery {
  actor?: string | undefined;
  type?: string | undefined;
  subject?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

const Position = z.tuple([z.int().min(1)]);

/** What somebody did, newest first. An id that is none matches nothing. */
export async function listAuditLog(
  ctx: Context,
  { limit, cursor, actor, type, subject }: AuditQuery,
): Promise<{ data: StoredEvent[]; nextCursor: string | null }> {
  const list = ['listAuditLog', actor, type, subject];
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  const subjectId = subject === undefined ? undefined : subjectIdOf(subject);
  if (subject !== undefined && subjectId === undefined) return { data: [], nextCursor: null };
  const rows = await listActs(ctx.db, { actor, type, subjectId, before, limit: limit + 1 });
  return pageFrom(
    rows,
    limit,
    (event) => event,
    ({ sequence }) => encodeCursor(list, [sequence]),
  );
}

const subjectIdOf = (id: string): string | undefined =>
  Object.values(SUBJECTS)
    .map((prefix) => uuidOf(prefix, id))
    .find((uuid) => uuid !== undefined);
