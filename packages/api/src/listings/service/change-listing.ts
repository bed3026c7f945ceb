import type { ListingInput } from '@sojourn/shared/listing';
import { type Context, type Tx, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { uuidOf } from '../../platform/id.ts';
import { preconditionFailed } from '../../platform/problems.ts';
import { changesBetween, listingUpdated, newsOf } from '../events.ts';
import type { Listing } from '../model.ts';
import { canChange, canRead } from '../policy.ts';
import { listingNotFound, notYourListing } from '../problems.ts';
import { lockListing, updateListing } from '../repository/listings.ts';
import { forgetListings } from './recent-listings.ts';

/** Which listing to change, and the version that the change is based on when the caller names one. */
export interface Target {
  listingId: string;
  ifMatch: string | undefined;
}

/**
 * Runs one change of a listing: in a transaction, under its lock, when the caller may change it and it is still the
 * version that they saw.
 */
export async function changeListing<T>(
  ctx: Context,
  { listingId, ifMatch }: Target,
  change: (tx: Tx, listing: Listing) => Promise<T>,
): Promise<T> {
  const id = uuidOf('lst', listingId);
  if (id === undefined) throw listingNotFound();
  const result = await transaction(ctx, async (tx) => {
    const listing = await lockListing(tx, id);
    if (!listing || !(canChange(ctx.actor, listing) || canRead(ctx.actor, listing))) throw listingNotFound();
    if (!canChange(ctx.actor, listing)) throw notYourListing();
    if (ifMatch !== undefined && ifMatch !== String(listing.version))
      throw preconditionFailed({ detail: `The listing is at version "${listing.version}" by now.` });
    return change(tx, listing);
  });
  forgetListings(ctx, [id]);
  return result;
}

/** Gives a listing new content, and tells what changed of it. */
export async function writeContent(
  ctx: Context,
  tx: Tx,
  listing: Listing,
  content: ListingInput,
): Promise<Listing> {
  const updated = await updateListing(tx, { ...listing, content }, ctx.clock.now());
  const changes = changesBetween(listing.content, content);
  if (changes) {
    const news = newsOf(updated);
    await emit(ctx, tx, listingUpdated, {
      ...news,
      data: { ...news.data, changed: changes.after },
      previous: { changed: changes.before },
    });
  }
  return updated;
}
