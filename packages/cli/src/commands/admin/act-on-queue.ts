import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { usageError } from '../../exit.ts';

export interface ActOptions {
  reason?: string;
}

type Verb = 'retry' | 'pause' | 'resume' | 'drain';
interface Act {
  queue: string;
  paused: boolean;
  count: number;
}

const SHORTEST_REASON = 3;

/** Does one thing to a queue, with a reason. `told` says what was done. */
export async function actOnQueue(
  ctx: CommandContext,
  queue: string,
  verb: Verb,
  { reason }: ActOptions,
  told: (act: Act) => string,
): Promise<void> {
  const why = await reasonFor(ctx, queue, verb, reason);
  const { admin } = await ctx.client();
  const act = await admin.queues[verb](queue, { reason: why }, { signal: ctx.signal });
  if (ctx.json) await ctx.io.json(act);
  else ctx.io.success(told(act));
}

/** From the flag, or asked: an admin is to write it down while they know it. */
async function reasonFor(
  { io, interactive, signal }: CommandContext,
  queue: string,
  verb: Verb,
  given: string | undefined,
): Promise<string> {
  if (given === undefined && !interactive)
    throw usageError('Why? The audit log keeps the reason of every change.', [
      `sojourn admin queues ${verb} ${oneLine(queue)} --reason "the mail server is back"`,
    ]);
  const reason = given ?? (await (await import('../../prompts.ts')).askText(io, 'Why?', signal));
  if (reason.trim().length < SHORTEST_REASON)
    throw usageError(`The reason must have at least ${SHORTEST_REASON} characters.`);
  return reason;
}
