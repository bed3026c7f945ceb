import type { Context } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import type { Listing } from '../model.ts';
import { canRead, canReadWhole } from '../policy.ts';
import { listingNotFound } from '../problems.ts';
import { findListing } from '../repository/listings.ts';
import { type RecentListing, readRecentListing } from './recent-listings.ts';

/** A listing that the caller may see: as it is now to who may see all of it, else as guests are shown it. */
export type SeenListing = { whole: Listing } | { whole: undefined; recent: RecentListing };

export async function seeListing(ctx: Context, listingId: string): Promise<SeenListing> {
  const id = uuidOf('lst', listingId);
  if (id === undefined) throw listingNotFound();
  let now: Listing | undefined;
  const recent = await readRecentListing(ctx, id, async () => {
    now = await findListing(ctx.pool, id);
    return now;
  });
  if (!recent || !canRead(ctx.actor, recent)) throw listingNotFound();
  if (!canReadWhole(ctx.actor, recent)) return { whole: undefined, recent };
  // Hosts see their own changes at once, whichever process made them: what this very call read is as good as it gets.
  const whole = now ?? (await findListing(ctx.pool, id));
  if (!whole) throw listingNotFound();
  return { whole };
}
