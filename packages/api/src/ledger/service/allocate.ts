import type { Currency } from '@sojourn/shared/money';
import type { Context, Db, Tx } from '../../platform/context.ts';
import { newUuid } from '../../platform/id.ts';
import { postingsBetween, type Shares, type Standing } from '../model/allocation.ts';
import { readStanding } from '../repository/standing.ts';
import { post } from './post.ts';

/** How the money for one thing stands: what was paid, and whose it is. */
export const standingOf = (db: Db, reference: string): Promise<Standing> => readStanding(db, reference);

/**
 * Says whose the money is that was paid for a thing; what is written already is only corrected. The caller holds the
 * thing, so that nobody else says so at the same time.
 *
 * @returns whether the shares are others than before
 */
export async function allocate(
  ctx: Context,
  tx: Tx,
  wanted: { reference: string; hostId: string; currency: Currency; was: Shares; is: Shares },
): Promise<boolean> {
  const now = ctx.clock.now();
  const written = await post(ctx, tx, [
    {
      kind: 'allocation',
      source: `allocation:${newUuid(now)}`,
      reference: wanted.reference,
      stripeTransaction: null,
      occurredAt: now,
      postings: postingsBetween(wanted.was, wanted.is, wanted),
    },
  ]);
  return written.length > 0;
}
