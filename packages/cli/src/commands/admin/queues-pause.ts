import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { actOnQueue } from './act-on-queue.ts';
import type { Reasoned } from './reason.ts';

export async function run(ctx: CommandContext, [queue]: [string], options: Reasoned): Promise<void> {
  await actOnQueue(
    ctx,
    queue,
    'pause',
    options,
    (act) => `Paused ${oneLine(act.queue)}. Jobs at work end; what comes meanwhile waits.`,
  );
  ctx.io.hint(`sojourn admin queues resume ${oneLine(queue)}`);
}
