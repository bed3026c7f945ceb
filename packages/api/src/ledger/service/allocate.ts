import type { Currency } from '@sojourn/shared/money';
import type { Context, Db, Tx } from '../../platform/context.ts';
import { newUuid } from '../../platform/id.ts';
import { postingsBetween, type Shares, type Standing } from '../model/allocation.ts';
import { listUnallocated, readStanding } from '../repository/standing.ts';
import { post } from './post.ts';

/** How the money for one thing stands: what was paid, and whose it is. */
export const standingOf = (db: Db, reference: string): Promise<Standing> => readStanding(db, reference);

const DAY_MS = 86_400_000;
/** News takes a moment; what nobody heard of in three days is for people to look at. */
const LOOKED_FOR_DAYS = 3;
const PATIENCE_MS = 10 * 60_000;
const MOST = 1_000;

/** The things that were paid for a while ago, and of which nobody has said whose the money is. */
export const listForgotten = ({ db, clock }: Context): Promise<string[]> => {
  const now = clock.now().getTime();
  const since = new Date(now - LOOKED_FOR_DAYS * DAY_MS);
  return listUnallocated(db, { since, before: new Date(now - PATIENCE_MS), limit: MOST });
};

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
