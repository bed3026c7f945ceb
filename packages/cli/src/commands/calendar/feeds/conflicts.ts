import type { CommandContext } from '../../../command-context.ts';
import { table } from '../../../render.ts';

export async function run(ctx: CommandContext, [listing, id]: [listing: string, id: string]): Promise<void> {
  const { io, signal } = ctx;
  const conflicts = await (await ctx.client()).calendarFeeds.conflicts(listing, id, { signal });
  if (ctx.json) return io.json(conflicts);
  if (conflicts.data.length === 0) return io.say('No conflicts.');
  io.print(
    table(
      conflicts.data,
      [
        { title: 'STAY HERE', text: ({ checkIn, checkOut }) => `${checkIn} → ${checkOut}` },
        { title: 'TAKEN THERE', text: ({ from, to }) => `${from} → ${to}` },
        { title: 'SAYS', text: ({ summary }) => summary ?? '', flexible: true, dropFirst: 1 },
        {
          title: 'BOOKING',
          text: ({ bookingId }) => bookingId,
          style: (cell) => io.paint.out.dim(cell),
          dropFirst: 2,
        },
      ],
      io.columns,
      io.paint.out,
    ),
  );
  io.say('The stays here stay as they are: one of the two has to go, here or on the other channel.');
}
