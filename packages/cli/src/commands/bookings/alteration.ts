import type { Alteration } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { price } from '../../price.ts';
import { stayText } from './draw.ts';

/** `€240 more`, `€120 less`, `the same price`: what a change of a stay costs beside what it costs now. */
export function differenceText({ priceDifference }: Pick<Alteration, 'priceDifference'>): string {
  const { amount, currency } = priceDifference;
  if (amount === 0) return 'the same price';
  return `${price({ amount: Math.abs(amount), currency })} ${amount > 0 ? 'more' : 'less'}`;
}

export async function tellAlteration(
  { io, json }: CommandContext,
  alteration: Alteration,
  done: string,
): Promise<void> {
  if (json) return io.json(alteration);
  io.success(`${done} (${price(alteration.newTotal)} in all), ${stayText(alteration)}.`);
  if (alteration.status === 'awaitingPayment')
    io.say('  It takes effect when the guest has paid the difference.');
}
