import type { Context } from '../../platform/context.ts';
import { removeExpiredQuotes } from '../repository/quotes.ts';

const KEEP_MS = 7 * 86_400_000;
const BATCH = 2_000;

/** Forgets quotes a week after they expired. A booking has its own copy of what was agreed. */
export async function removeOldQuotes(ctx: Context, signal: AbortSignal): Promise<void> {
  const before = new Date(ctx.clock.now().getTime() - KEEP_MS);
  while (!signal.aborted && (await removeExpiredQuotes(ctx.db, before, BATCH)) === BATCH);
}
