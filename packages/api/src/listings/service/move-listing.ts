import { publishingGaps } from '@sojourn/shared/listing';
import type { ListingStatus } from '@sojourn/shared/vocabulary';
import type { Context } from '../../platform/context.ts';
import { emit } from '../../platform/events/emit.ts';
import { MOVED, newsOf } from '../events.ts';
import { type Listing, TRANSITIONS } from '../model.ts';
import { listingNotPublishable, listingStateConflict } from '../problems.ts';
import { updateListing } from '../repository/listings.ts';
import { changeListing, type Target } from './change-listing.ts';

/** Guests find it from now on. */
export const publishListing = (ctx: Context, target: Target) => moveListing(ctx, target, 'published');
/** Guests no longer find it by searching, until it is published again. */
export const pauseListing = (ctx: Context, target: Target) => moveListing(ctx, target, 'paused');
/** For good: it is kept for its history only. */
export const archiveListing = (ctx: Context, target: Target) => moveListing(ctx, target, 'archived');

function moveListing(ctx: Context, target: Target, to: keyof typeof MOVED): Promise<Listing> {
  return changeListing(ctx, target, async (tx, listing) => {
    const possible = TRANSITIONS[listing.status];
    if (!possible.includes(to))
      throw listingStateConflict({ detail: conflict(listing.status, to, possible) });
    const gaps = to === 'published' ? publishingGaps(listing.content, ctx.config) : [];
    if (gaps.length > 0) throw listingNotPublishable({ errors: gaps });
    const moved = await updateListing(tx, { ...listing, status: to }, ctx.clock.now());
    await emit(ctx, tx, MOVED[to], { ...newsOf(moved), previous: { status: listing.status } });
    return moved;
  });
}

const conflict = (from: ListingStatus, to: ListingStatus, possible: readonly ListingStatus[]) =>
  `The listing is ${from} and cannot become ${to}. From ${from} it can become ${possible.join(' or ') || 'nothing else'}.`;
