import { publishingGaps } from '@sojourn/shared/listing';
import type { Context } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { listingNotPublishable, photoNotFound } from '../problems.ts';
import { removePhoto as remove } from '../repository/photos.ts';
import { changeListing, type Target, writeContent } from './change-listing.ts';

/** Removes one photo; those after it move up. A published listing keeps what it must have. */
export function removePhoto(ctx: Context, target: Target, photoId: string): Promise<void> {
  return changeListing(ctx, target, async (tx, listing) => {
    const id = uuidOf('pho', photoId);
    const index = id === undefined ? -1 : listing.photoIds.indexOf(id);
    if (id === undefined || index < 0) throw photoNotFound();
    const content = { ...listing.content, photos: listing.content.photos.toSpliced(index, 1) };
    const gaps = listing.status === 'published' ? publishingGaps(content, ctx.config) : [];
    if (gaps.length > 0)
      throw listingNotPublishable({
        detail: 'Without this photo the listing could not stay published.',
        errors: gaps,
      });
    await remove(tx, id);
    await writeContent(ctx, tx, listing, content);
  });
}
