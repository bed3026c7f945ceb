import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { type Reasoned, reasonFor } from './reason.ts';

type Verb = 'retry' | 'pause' | 'resume' | 'drain';
interface Act {
  queue: string;
  paused: boolean;
  count: number;
}

/** Does one thing to a queue, with a reason. `told` says what was done. */
export async function actOnQueue(
  ctx: CommandContext,
  queue: string,
  verb: Verb,
  { reason }: Reasoned,
  told: (act: Act) => string,
): Promise<void> {
  const example = `sojourn admin queues ${verb} ${oneLine(queue)} --reason "the mail server is back"`;
  const why = await reasonFor(ctx, reason, example);
  const { admin } = await ctx.client();
  const act = await admin.queues[verb](queue, { reason: why }, { signal: ctx.signal });
  if (ctx.json) await ctx.io.json(act);
  else ctx.io.success(told(act));
}
