import type { ListingInput } from '@sojourn/shared/listing';
import { actorOf, type Context, transaction } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { newUuid } from '../../platform/id.ts';
import { listingCreated, newsOf } from '../events.ts';
import { type Listing, withExternalId } from '../model.ts';
import { insertListing } from '../repository/listings.ts';

/** A new draft of the caller's. */
export async function createListing(ctx: Context, content: ListingInput): Promise<Listing> {
  const { userId } = actorOf(ctx);
  const now = ctx.clock.now();
  const id = newUuid(now);
  return transaction(ctx, async (tx) => {
    const listing = await insertListing(
      tx,
      { id, hostId: userId, content: withExternalId(content, id) },
      now,
    );
    await emit(ctx, tx, listingCreated, newsOf(listing));
    return listing;
  });
}
