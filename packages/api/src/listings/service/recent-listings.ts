import { LRUCache } from 'lru-cache';
import type { Resources } from '../../platform/context.ts';
import type { Listing } from '../model.ts';
import { findListing } from '../repository/listings.ts';
import { type PublicListing, toPublicListing } from '../schema.ts';

/** How long a listing that was read is shown to guests without asking again, in milliseconds. */
const RECENT_MS = 1_000;
/** About as many different listings as one process can answer within that time. */
const REMEMBERED = 2_000;

export interface ReadListing {
  listing: Listing;
  /** Made when it is first asked for, and once. */
  publicView(): PublicListing;
}

/** The reads themselves, so that all who ask at once share one. A read counts from when it began, not from its end. */
type Reads = LRUCache<string, Promise<ReadListing | undefined>>;

/** What a process remembers; its pool stands for the database that it was read from. */
const memories = new WeakMap<Resources['pool'], Reads>();

function readsOf({ pool }: Resources): Reads {
  let reads = memories.get(pool);
  if (!reads) {
    reads = new LRUCache({ max: REMEMBERED, ttl: RECENT_MS });
    memories.set(pool, reads);
  }
  return reads;
}

/** The listing as it was at most a second ago. `isNew` when this very call asks the database. */
export function readRecentListing(
  resources: Resources,
  id: string,
): { reading: Promise<ReadListing | undefined>; isNew: boolean } {
  const reads = readsOf(resources);
  const known = reads.get(id);
  if (known) return { reading: known, isNew: false };
  const reading = readListing(resources, id);
  reads.set(id, reading);
  const forget = () => {
    if (reads.peek(id) === reading) reads.delete(id);
  };
  // What is not there takes nobody's place, and what failed is asked again.
  reading.then((read) => read ?? forget(), forget);
  return { reading, isNew: true };
}

/** The listing as it is now. */
export async function readListing({ pool }: Resources, id: string): Promise<ReadListing | undefined> {
  const listing = await findListing(pool, id);
  if (!listing) return undefined;
  let view: PublicListing | undefined;
  return { listing, publicView: () => (view ??= toPublicListing(listing)) };
}

/** For whatever changes a listing: this process shows the change at once, the others within a second. */
export function forgetListings(resources: Resources, ids: Iterable<string>): void {
  const reads = readsOf(resources);
  for (const id of ids) reads.delete(id);
}
