import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { count } from '../../render.ts';
import { actOnQueue } from './act-on-queue.ts';
import type { Reasoned } from './reason.ts';

export async function run(ctx: CommandContext, [queue]: [string], options: Reasoned): Promise<void> {
  await actOnQueue(ctx, queue, 'retry', options, (act) => {
    const name = oneLine(act.queue);
    if (act.count === 0) return `Nothing in ${name} was dead.`;
    const what = name === 'events' ? 'event' : 'job';
    const when = act.paused ? 'once the queue is resumed: it is paused' : 'now';
    return `${count(act.count, `${what} of ${name} is`, `${what}s of ${name} are`)} tried again ${when}.`;
  });
}
