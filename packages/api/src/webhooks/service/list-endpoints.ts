import { z } from 'zod';
import { actorOf, type Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import type { Endpoint } from '../model/endpoint.ts';
import * as endpoints from '../repository/endpoints.ts';

const Position = z.tuple([z.uuid()]);

/** The caller's endpoints, newest first. */
export async function listEndpoints(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ data: Endpoint[]; nextCursor: string | null }> {
  const { userId } = actorOf(ctx);
  const list = ['listWebhookEndpoints', userId];
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  const rows = await endpoints.listEndpoints(ctx.db, userId, { before, limit });
  return pageFrom(
    rows,
    limit,
    (endpoint) => endpoint,
    ({ id }) => encodeCursor(list, [id]),
  );
}
