import {
  crossFieldIssues,
  type ListingInput,
  type ListingPatch,
  publishingGaps,
} from '@sojourn/shared/listing';
import type { Context } from '../../platform/context.ts';
import type { FieldError } from '../../platform/problem.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { contentHash, type Listing, withExternalId } from '../model.ts';
import { changeListing, type Target, writeContent } from './change-listing.ts';

/** Changes the fields that the patch names. Nothing is written when they are so already. */
export function updateListing(ctx: Context, target: Target, patch: ListingPatch): Promise<Listing> {
  return changeListing(ctx, target, async (tx, listing) => {
    const content = withExternalId(Object.assign({}, listing.content, patch), listing.id);
    const errors = faultsOf(content, listing, ctx);
    if (errors.length > 0)
      throw invalidRequest({ detail: 'With these changes the listing would not be valid.', errors });
    if (contentHash(content).equals(contentHash(listing.content))) return listing;
    return writeContent(ctx, tx, listing, content);
  });
}

function faultsOf(content: ListingInput, { status }: Listing, { config }: Context): FieldError[] {
  const issues = crossFieldIssues(content).map(({ path, message }) => ({
    pointer: `/${path.join('/')}`,
    code: 'custom',
    message,
  }));
  return [...issues, ...(status === 'published' ? publishingGaps(content, config) : [])];
}
