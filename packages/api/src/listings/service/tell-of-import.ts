import type { ListingInput } from '@sojourn/shared/listing';
import type { ListingStatus } from '@sojourn/shared/vocabulary';
import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { changesBetween, listingCreated, listingPublished, listingUpdated, newsOf } from '../events.ts';
import type { Listing } from '../model.ts';

/** A listing that an import wrote, and what it was before. */
export interface ImportedListing {
  id: string;
  hostId: string;
  version: number;
  status: ListingStatus;
  content: ListingInput;
  /** Undefined when it is new. */
  wasStatus: ListingStatus | undefined;
  /** Undefined when its content stayed as it was. */
  before: Listing | undefined;
}

/** The events of an import: one statement a kind, however many listings it wrote. */
export async function tellOfImport(
  ctx: Context,
  tx: Tx,
  imported: readonly ImportedListing[],
): Promise<void> {
  await emitAll(
    ctx,
    tx,
    listingCreated,
    imported.filter(({ wasStatus }) => wasStatus === undefined).map(newsOf),
  );
  await emitAll(ctx, tx, listingUpdated, imported.flatMap(newsOfContent));
  await emitAll(
    ctx,
    tx,
    listingPublished,
    imported
      .filter(({ status, wasStatus }) => status === 'published' && wasStatus !== 'published')
      .map((listing) => ({ ...newsOf(listing), previous: { status: listing.wasStatus ?? 'draft' } })),
  );
}

function newsOfContent(listing: ImportedListing) {
  const changes = listing.before && changesBetween(listing.before.content, listing.content);
  if (!changes) return [];
  const { data, ...news } = newsOf(listing);
  return [{ ...news, data: { ...data, changed: changes.after }, previous: { changed: changes.before } }];
}
