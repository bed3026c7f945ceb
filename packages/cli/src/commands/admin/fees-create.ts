import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { moment } from '../../local-time.ts';
import { share } from './pricing-words.ts';
import { type Reasoned, reasonFor } from './reason.ts';

interface Options extends Reasoned {
  name: string;
  mode: 'split' | 'hostOnly';
  hostPercent: number;
  guestPercent: number;
  from?: string;
}

export async function run(ctx: CommandContext, _args: [], options: Options): Promise<void> {
  const { name, mode, hostPercent, guestPercent, from } = options;
  const reason = await reasonFor(ctx, options.reason, 'sojourn admin fees create … --reason "as decided"');
  const { admin } = await ctx.client();
  const schedule = await admin.feeSchedules.create(
    {
      name,
      mode,
      hostFeeBps: hostPercent,
      guestFeeBps: guestPercent,
      reason,
      ...(from !== undefined && { effectiveFrom: from }),
    },
    { signal: ctx.signal },
  );
  if (ctx.json) return ctx.io.json(schedule);
  const { hostFeeBps, guestFeeBps, effectiveFrom } = schedule;
  ctx.io.success(
    `${oneLine(schedule.name)}: ${share(hostFeeBps)} from hosts and ${share(guestFeeBps)} from guests, from ${moment(effectiveFrom)} UTC on.`,
  );
}
