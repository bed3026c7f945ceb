import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { moment } from '../../local-time.ts';
import { type Reasoned, reasonFor } from './reason.ts';

interface Options extends Reasoned {
  at?: string;
}

export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  { at, reason: given }: Options,
): Promise<void> {
  const reason = await reasonFor(
    ctx,
    given,
    `sojourn admin taxes end ${oneLine(id)} --reason "the law ended"`,
  );
  const { admin } = await ctx.client();
  const rule = await admin.taxRules.end(
    id,
    { reason, ...(at !== undefined && { effectiveUntil: at }) },
    { signal: ctx.signal },
  );
  if (ctx.json) return ctx.io.json(rule);
  ctx.io.success(`${oneLine(rule.name)} ends ${moment(rule.effectiveUntil ?? '')} UTC.`);
}
