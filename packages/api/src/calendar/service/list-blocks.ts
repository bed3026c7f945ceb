import { LocalDate } from '@sojourn/shared/nights';
import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor, pageFrom } from '../../platform/http/cursor.ts';
import { type Block, listBlocks as list } from '../repository/blocks.ts';
import { reachOwnCalendar } from './reach-calendar.ts';

const Position = z.tuple([LocalDate]);

/** What a host does not sell of a listing, in the order of the nights. */
export async function listBlocks(
  ctx: Context,
  listingId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ data: Block[]; nextCursor: string | null }> {
  const { id } = await reachOwnCalendar(ctx, listingId);
  const mark = ['listBlocks', id];
  const after = cursor === undefined ? undefined : decodeCursor(mark, cursor, Position)[0];
  const rows = await list(ctx.db, id, { after, limit: limit + 1 });
  return pageFrom(
    rows,
    limit,
    (block) => block,
    ({ from }) => encodeCursor(mark, [from]),
  );
}
