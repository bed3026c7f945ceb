import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { count } from '../../render.ts';
import { actOnQueue } from './act-on-queue.ts';
import type { Reasoned } from './reason.ts';

export async function run(ctx: CommandContext, [queue]: [string], options: Reasoned): Promise<void> {
  const { admin } = await ctx.client();
  const { name, counts } = await admin.queues.get(queue, { limit: 1 }, { signal: ctx.signal });
  const waiting = name === 'events' ? counts.waiting : counts.scheduled + counts.dispatched;
  await ctx.confirm(
    name === 'events'
      ? `Remove ${count(waiting, 'waking')} of consumers? No event is lost by it.`
      : `Remove ${count(waiting, 'job')} from ${oneLine(name)}? They will never be done.`,
  );
  await actOnQueue(ctx, queue, 'drain', options, (act) => {
    const what = name === 'events' ? 'waking' : 'job';
    return `Removed ${count(act.count, what)} from ${oneLine(act.queue)}.`;
  });
}
