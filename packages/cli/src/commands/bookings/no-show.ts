import type { CommandContext } from '../../command-context.ts';
import { actOnBooking } from './act.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  await ctx.confirm(`The guest of ${id} did not come? Their other nights come free, and this stays so.`);
  await actOnBooking(ctx, id, 'markNoShow', 'No show');
}
