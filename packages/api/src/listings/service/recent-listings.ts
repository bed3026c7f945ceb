import type { ListingStatus } from '@sojourn/shared/vocabulary';
import { sharedSpace } from '../../platform/cache/cache.ts';
import type { InvalidationRule } from '../../platform/cache/invalidation.ts';
import type { Resources } from '../../platform/context.ts';
import { listingEvents } from '../events.ts';
import type { Listing } from '../model.ts';
import { type PublicListing, toPublicListing } from '../schema.ts';

/** What guests are shown of a listing, and what decides who is shown more. */
export interface RecentListing {
  hostId: string;
  status: ListingStatus;
  view: PublicListing;
  /** The id of each of the view's photos, in their order. */
  photoIds: string[];
}

/**
 * How long a listing that was read is shown to guests without asking again, and about as many of them as one process can
 * answer within that time.
 */
const RECENT_LISTINGS = sharedSpace<RecentListing>({
  name: 'listings',
  version: 1,
  ttlMs: 1_000,
  max: 2_000,
});

/** The listing as it was at most a second ago; the very same object for all who ask within that time. */
export const readRecentListing = (
  { cache }: Resources,
  id: string,
  read: () => Promise<Listing | undefined>,
): Promise<RecentListing | undefined> =>
  cache.remember(RECENT_LISTINGS, id, async () => {
    const listing = await read();
    return listing && toRecentListing(listing);
  });

const toRecentListing = (listing: Listing): RecentListing => ({
  hostId: listing.hostId,
  status: listing.status,
  view: toPublicListing(listing),
  photoIds: listing.photoIds,
});

/** What any process tells of a listing is shown by all as soon as they hear of it. */
export const listingInvalidations: readonly InvalidationRule[] = [
  {
    types: listingEvents.map(({ type }) => type),
    space: RECENT_LISTINGS,
    keyOf: ({ subjectId }) => subjectId,
  },
];

/** For whatever changes a listing: this process shows the change at once, the others within a second. */
export function forgetListings({ cache }: Resources, ids: Iterable<string>): void {
  void cache.forget(RECENT_LISTINGS, ids);
}
