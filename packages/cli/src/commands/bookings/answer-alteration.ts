import type { CommandContext } from '../../command-context.ts';
import { differenceText, tellAlteration } from './alteration.ts';

type Verb = 'accept' | 'decline' | 'withdraw';

export async function answerAlteration(
  ctx: CommandContext,
  id: string,
  alterationId: string,
  verb: Verb,
  done: string,
): Promise<void> {
  const { bookings } = await ctx.client();
  const alteration = await bookings.alterations[verb](id, alterationId, { signal: ctx.signal });
  await tellAlteration(ctx, alteration, `${done}: ${differenceText(alteration)}`);
}
