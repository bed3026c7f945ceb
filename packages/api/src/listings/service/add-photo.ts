import { LISTING_LIMITS, type ListingInput } from '@sojourn/shared/listing';
import type { Context } from '../../platform/context.ts';
import type { Listing } from '../model.ts';
import { photoLimitReached } from '../problems.ts';
import { changeListing, type Target, writeContent } from './change-listing.ts';

/** Adds a photo after those that are there. */
export function addPhoto(
  ctx: Context,
  target: Target,
  photo: ListingInput['photos'][number],
): Promise<Listing> {
  return changeListing(ctx, target, async (tx, listing) => {
    const { photos } = listing.content;
    if (photos.length >= LISTING_LIMITS.photos) throw photoLimitReached();
    const content = { ...listing.content, photos: [...photos, photo] };
    return writeContent(ctx, tx, listing, content);
  });
}
