import type { CommandContext } from '../../command-context.ts';
import { drawPreview } from './preview.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  const { io, json, signal } = ctx;
  const { bookings } = await ctx.client();
  const preview = await bookings.previewCancellation(id, { signal });
  if (json) return io.json(preview);
  const { timeZone } = await bookings.get(id, { signal });
  io.print(drawPreview(preview, timeZone, io.columns, io.paint.out));
  io.hint(`sojourn bookings cancel ${id}`);
}
