import type { Context, Tx } from '../../platform/context.ts';
import type { Entry } from '../model/entry.ts';
import { insertEntries } from '../repository/entries.ts';

/**
 * Writes movements of money, each once for its source; those without postings are none. The database refuses at the end
 * of the transaction what does not add up.
 *
 * @returns the sources that were not written before
 */
export async function post(ctx: Context, tx: Tx, entries: readonly Entry[]): Promise<string[]> {
  const moving = entries.filter(({ postings }) => postings.length > 0);
  return moving.length === 0 ? [] : insertEntries(ctx, tx, moving);
}
