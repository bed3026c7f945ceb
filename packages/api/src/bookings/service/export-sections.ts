import type { ExportSection } from '../../identity/service/export-me.ts';
import { actorOf } from '../../platform/context.ts';
import { listBookingsOf } from '../repository/bookings.ts';
import { ExportedBookings } from '../schema/booking.ts';
import { toBookingView } from '../schema/views.ts';
import { withPayments } from './see.ts';

/** What this feature adds to the export of a person's data. */
export const BOOKING_SECTIONS: readonly ExportSection[] = [
  {
    name: 'bookings',
    schema: ExportedBookings,
    read: async (ctx) =>
      (await withPayments(ctx, await listBookingsOf(ctx.db, actorOf(ctx).userId))).map(toBookingView),
  },
];
