import type { CommandContext } from '../../command-context.ts';
import { tellDone } from './act.ts';

export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  { reason }: { reason?: string },
): Promise<void> {
  await ctx.confirm(`Decline ${id}? This stays so.`);
  const { bookings } = await ctx.client();
  const answer = { ...(reason !== undefined && { reason }) };
  await tellDone(ctx, await bookings.decline(id, answer, { signal: ctx.signal }), 'Declined');
}
