import { z } from 'zod';
import { actorOf, type Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import type { Session } from '../model.ts';
import * as sessions from '../repository/sessions.ts';

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

const Position = z.tuple([z.uuid()]);

/** The caller's living sessions, newest first. */
export async function listSessions(
  ctx: Context,
  { limit, cursor }: PageRequest,
): Promise<{ data: Session[]; nextCursor: string | null }> {
  const { userId } = actorOf(ctx);
  const list = ['listSessions', userId];
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  const rows = await sessions.listSessions(ctx.db, userId, { now: ctx.clock.now(), before, limit });
  return pageFrom(
    rows,
    limit,
    (session) => session,
    ({ id }) => encodeCursor(list, [id]),
  );
}
