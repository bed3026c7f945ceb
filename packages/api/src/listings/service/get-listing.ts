import type { Context } from '../../platform/context.ts';
import { type PublicListing, toListing, type WholeListing } from '../schema.ts';
import { seeListing } from './see-listing.ts';

/** A listing: all of it for its host and for staff, what is public for everybody else. */
export async function getListing(ctx: Context, listingId: string): Promise<WholeListing | PublicListing> {
  const seen = await seeListing(ctx, listingId);
  return seen.whole ? toListing(seen.whole) : seen.recent.view;
}
