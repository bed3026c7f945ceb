import { actorOf, type Context } from '../../platform/context.ts';
import type { Listing } from '../model.ts';
import { listListingsInOrder } from '../repository/listings.ts';

const LISTINGS_PER_READ = 100;

/**
 * All listings of the caller, oldest first, a hundred at a time. Each read is a short statement of its own that goes on
 * after the last id: a cursor would keep a transaction open for as long as the caller takes to read, and the database
 * ends those. Each listing is whole as of its read; the export as a whole is no snapshot.
 */
export async function* exportListings(ctx: Context): AsyncGenerator<Listing[], void> {
  const { userId } = actorOf(ctx);
  let after: string | undefined;
  for (;;) {
    const listings = await listListingsInOrder(ctx.db, userId, { limit: LISTINGS_PER_READ, after });
    if (listings.length > 0) yield listings;
    if (listings.length < LISTINGS_PER_READ) return;
    after = listings.at(-1)?.id;
  }
}
