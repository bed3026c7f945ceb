import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { usageError } from '../../exit.ts';
import { price } from '../../price.ts';
import { toCurrency, toMoney } from '../money.ts';
import { tellDone } from './act.ts';

interface Options {
  amount: string;
  reason?: string;
  paidBy: 'host' | 'marketplace';
}

export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  { amount: text, reason: given, paidBy }: Options,
): Promise<void> {
  const { signal } = ctx;
  const { bookings } = await ctx.client();
  const { currency, listingTitle } = await bookings.get(id, { signal });
  const amount = toMoney(text, '--amount', toCurrency(currency));
  const reason = given ?? (await askReason(ctx, id, text));
  const share = `of the ${paidBy}’s share`;
  await ctx.confirm(`Give ${price(amount)} ${share} back for the stay at ${oneLine(listingTitle)}?`);
  const booking = await bookings.refund(id, { amount, reason, paidBy }, { signal });
  await tellDone(ctx, booking, `${price(amount)} ${share} goes back to the guest`);
  if (!ctx.json) ctx.io.hint(`sojourn bookings payment ${id}`);
}

async function askReason(
  { io, interactive, signal }: CommandContext,
  id: string,
  amount: string,
): Promise<string> {
  if (!interactive)
    throw usageError('Why? The guest reads it.', [
      `sojourn bookings refund ${oneLine(id)} --amount ${oneLine(amount)} --reason "the heating was broken"`,
    ]);
  return (await import('../../prompts.ts')).askText(io, 'Why? The guest reads it.', signal);
}
