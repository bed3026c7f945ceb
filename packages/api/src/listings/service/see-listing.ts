import type { Context } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { canRead, canReadWhole } from '../policy.ts';
import { listingNotFound } from '../problems.ts';
import { type ReadListing, readListing, readRecentListing } from './recent-listings.ts';

/** A listing that the caller may see, and whether they may see all of it. */
export interface SeenListing extends ReadListing {
  whole: boolean;
}

export async function seeListing(ctx: Context, listingId: string): Promise<SeenListing> {
  const id = uuidOf('lst', listingId);
  if (id === undefined) throw listingNotFound();
  const { reading, isNew } = readRecentListing(ctx, id);
  const recent = await reading;
  if (!recent || !canRead(ctx.actor, recent.listing)) throw listingNotFound();
  if (!canReadWhole(ctx.actor, recent.listing)) return { ...recent, whole: false };
  // Hosts see their own changes at once, whichever process made them.
  const read = isNew ? recent : await readListing(ctx, id);
  if (!read) throw listingNotFound();
  return { ...read, whole: true };
}
