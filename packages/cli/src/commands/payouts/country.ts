import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';

/** Where an account is to be opened, from whoever sits at the terminal. */
export async function askCountry({ io, signal }: CommandContext): Promise<string> {
  const { askText } = await import('../../prompts.ts');
  const answer = await askText(io, 'Where are you at home for the tax office? (PT, US, …)', signal);
  const country = answer.trim().toUpperCase();
  if (!/^[A-Z]{2}$/.test(country))
    throw usageError('It must be a country of two letters.', 'sojourn payouts account --country PT');
  return country;
}
