import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { price } from '../../price.ts';
import { tellDone } from './act.ts';
import { drawPreview } from './preview.ts';

export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  { reason }: { reason?: string },
): Promise<void> {
  const { io, signal } = ctx;
  const { bookings } = await ctx.client();
  const [preview, { timeZone, listingTitle }] = await Promise.all([
    bookings.previewCancellation(id, { signal }),
    bookings.get(id, { signal }),
  ]);
  if (!ctx.json) io.say(`${drawPreview(preview, timeZone, io.columns, io.paint.err)}\n`);
  await ctx.confirm(`Cancel the stay at ${oneLine(listingTitle)}? ${price(preview.refund)} comes back.`);
  const booking = await bookings.cancel(id, { ...(reason !== undefined && { reason }) }, { signal });
  // The clock went on while somebody thought about it: what counts is what the server did.
  const refund = booking.cancellation?.refund ?? preview.refund;
  await tellDone(ctx, booking, `Cancelled, ${price(refund)} comes back`);
}
