import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { type ActOptions, actOnQueue } from './act-on-queue.ts';

export async function run(ctx: CommandContext, [queue]: [string], options: ActOptions): Promise<void> {
  await actOnQueue(ctx, queue, 'resume', options, (act) => `The work at ${oneLine(act.queue)} goes on.`);
}
