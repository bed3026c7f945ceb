import { setTimeout as sleep } from 'node:timers/promises';
import type { Booking } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';

const LOOK_EVERY_MS = 1_000;

/** As long as the nights are only held (the booking follows its payment a moment later), or a change is to be paid. */
const isOpen = ({ status, payment }: Booking) =>
  status === 'held' ||
  (status === 'confirmed' &&
    ['requiresPaymentMethod', 'requiresAction', 'processing'].includes(payment.status));

/** Waits while the guest pays elsewhere: until it is paid, or the hold of the nights ends. Ctrl-C ends the waiting only. */
export async function untilPaid(ctx: CommandContext, id: string): Promise<Booking> {
  const { io, signal } = ctx;
  const { bookings } = await ctx.client();
  io.status('Waiting until it is paid … (Ctrl-C to stop waiting)');
  for (;;) {
    const booking = await bookings.get(id, { signal });
    if (!isOpen(booking)) {
      io.status();
      return booking;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
