import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';
import type { TermFlags } from './term-flags.ts';
import { termsOf } from './terms.ts';
import { checkDates, writeRange } from './write.ts';

type Args = [id: string, from: string, to: string, amount: string | undefined];
type Options = TermFlags & { clear?: true; dryRun?: true };

export async function run(
  ctx: CommandContext,
  [id, from, to, amount]: Args,
  { clear, dryRun, ...flags }: Options,
): Promise<void> {
  checkDates({ from, to });
  const given = Object.entries(flags).some(([name, value]) => name !== 'currency' && value !== undefined);
  if (amount === undefined && !clear && !given)
    throw usageError('Give an amount, --clear, or a flag such as --min-nights.', [
      `sojourn calendar price ${id} ${from} ${to} 140`,
      `sojourn calendar price ${id} ${from} ${to} --clear`,
    ]);
  if (amount !== undefined && clear)
    throw usageError('An amount and --clear contradict each other: give one of them.');
  const currency =
    amount === undefined || flags.currency !== undefined ? undefined : await currencyOf(ctx, id);
  const terms = termsOf(flags, { amount, flag: 'AMOUNT', clear: clear ?? false }, currency);
  await writeRange(ctx, id, { from, to, ...terms }, { ...(dryRun && { dryRun }) });
}

async function currencyOf(ctx: CommandContext, id: string): Promise<string | undefined> {
  const { listings } = await ctx.client();
  return (await listings.get(id, { signal: ctx.signal })).basePrice?.currency;
}
