import type { Booking } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { drawBooking } from './draw.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  const { io, json, signal } = ctx;
  const booking = await (await ctx.client()).bookings.get(id, { signal });
  if (json) return io.json(booking);
  io.print(drawBooking(booking, io.columns, io.paint.out));
  io.hint(...nextFor(booking));
}

/** What whoever looks at a booking may want to do: the host is told what they get, the guest is not. */
function nextFor({ id, status, hostPayout }: Booking): string[] {
  const isGuest = hostPayout === null;
  if (status === 'held' && isGuest) return [`sojourn bookings pay ${id} --method pm_card_visa`];
  if (status === 'requested' && !isGuest)
    return [`sojourn bookings accept ${id}`, `sojourn bookings decline ${id}`];
  if (status === 'confirmed') return [`sojourn bookings cancellation-preview ${id}`];
  return [];
}
