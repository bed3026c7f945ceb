import type { Context } from '../../platform/context.ts';
import type { WithPhotos } from '../schema.ts';
import { seeListing } from './see-listing.ts';

/** The listing whose photos these are: whoever may see it sees all of them. */
export async function listPhotos(ctx: Context, listingId: string): Promise<WithPhotos> {
  const seen = await seeListing(ctx, listingId);
  return seen.whole ?? { content: seen.recent.view, photoIds: seen.recent.photoIds };
}
