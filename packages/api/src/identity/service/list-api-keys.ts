import { z } from 'zod';
import { actorOf, type Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import type { ApiKey } from '../model.ts';
import * as apiKeys from '../repository/api-keys.ts';
import type { PageRequest } from './list-sessions.ts';

const Position = z.tuple([z.uuid()]);

/** The caller's keys that were not revoked, newest first; never their secrets. */
export async function listApiKeys(
  ctx: Context,
  { limit, cursor }: PageRequest,
): Promise<{ data: ApiKey[]; nextCursor: string | null }> {
  const { userId } = actorOf(ctx);
  const list = ['listApiKeys', userId];
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  const rows = await apiKeys.listApiKeys(ctx.db, userId, { before, limit });
  return pageFrom(
    rows,
    limit,
    (key) => key,
    ({ id }) => encodeCursor(list, [id]),
  );
}
