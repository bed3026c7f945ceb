import { z } from 'zod';
import { actorOf, type Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import type { Listing } from '../model.ts';
import * as listings from '../repository/listings.ts';
import type { ListingsQuery } from '../schema.ts';

const Position = z.tuple([z.uuid()]);

/** The caller's own listings, newest first. */
export async function listListings(
  ctx: Context,
  { limit, cursor, status, externalId, q: text }: ListingsQuery,
): Promise<{ data: Listing[]; nextCursor: string | null }> {
  const filter = { hostId: actorOf(ctx).userId, status, externalId, text };
  const list = ['listListings', filter];
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  const rows = await listings.listListings(ctx.db, filter, { limit: limit + 1, after });
  return pageFrom(
    rows,
    limit,
    (listing) => listing,
    ({ id }) => encodeCursor(list, [id]),
  );
}
