import { z } from 'zod';
import { actorOf, type Context } from '../../platform/context.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts';
import { uuidOf } from '../../platform/id.ts';
import type { SeenBooking } from '../model/seen.ts';
import * as bookings from '../repository/bookings.ts';
import type { BookingsQuery } from '../schema/requests.ts';
import { withPayments } from './see.ts';

const Position = z.tuple([z.uuid()]);

/** The caller's stays, or the stays in the caller's homes, newest first. */
export async function listBookings(
  ctx: Context,
  { role, status, listingId, limit, cursor }: BookingsQuery,
): Promise<{ data: SeenBooking[]; nextCursor: string | null }> {
  const { userId } = actorOf(ctx);
  const list = ['listBookings', userId, role, status, listingId];
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor, Position)[0];
  const listing = listingId === undefined ? undefined : uuidOf('lst', listingId);
  if (listingId !== undefined && listing === undefined) return { data: [], nextCursor: null };
  const filter = { side: role, userId, status, listingId: listing };
  const rows = await bookings.listBookings(ctx.db, filter, { before, limit });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: await withPayments(ctx, shown),
    nextCursor: last && rows.length > limit ? encodeCursor(list, [last.booking.id]) : null,
  };
}
