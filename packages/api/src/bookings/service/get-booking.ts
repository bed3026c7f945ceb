import type { Context } from '../../platform/context.ts';
import type { SeenBooking } from '../model/seen.ts';
import { findSeen, withPayments } from './see.ts';

/** A booking, for its guest, its host and staff. */
export async function getBooking(ctx: Context, bookingId: string): Promise<SeenBooking> {
  const { placed } = await findSeen(ctx, bookingId);
  const [seen] = await withPayments(ctx, [placed]);
  return seen!;
}
