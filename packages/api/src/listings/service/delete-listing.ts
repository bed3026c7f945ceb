import type { Context } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { listingDeleted, newsOf } from '../events.ts';
import { DELETABLE } from '../model.ts';
import { listingStateConflict } from '../problems.ts';
import { removeListing } from '../repository/listings.ts';
import { changeListing, type Target } from './change-listing.ts';

/** Removes a draft or an archived listing with its photos, for good. */
export function deleteListing(ctx: Context, target: Target): Promise<void> {
  return changeListing(ctx, target, async (tx, listing) => {
    const { id, status } = listing;
    if (!DELETABLE.includes(status))
      throw listingStateConflict({
        detail: `The listing is ${status}. Only ${DELETABLE.join(' and ')} listings can be deleted: archive it first, with POST /v1/listings/${target.listingId}/archive.`,
      });
    await removeListing(tx, id);
    await emit(ctx, tx, listingDeleted, newsOf(listing));
  });
}
