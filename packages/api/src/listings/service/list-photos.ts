import type { Context } from '../../platform/context.ts';
import type { Listing } from '../model.ts';
import { seeListing } from './see-listing.ts';

/** The listing whose photos these are: whoever may see it sees all of them. */
export async function listPhotos(ctx: Context, listingId: string): Promise<Listing> {
  return (await seeListing(ctx, listingId)).listing;
}
