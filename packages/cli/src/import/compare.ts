import { createHash } from 'node:crypto';
import { ListingInput } from '@sojourn/shared/listing';
import { ownFields } from './formats/sojourn.ts';
import type { Ledger } from './ledger.ts';
import type { ImportTotals } from './model.ts';

const LISTINGS_PER_REPORT = 500;

/** Keeps a digest of every listing that the server has, so that a dry run can tell what would become of a row. */
export async function rememberExisting(
  listings: AsyncIterable<unknown>,
  ledger: Ledger,
  onListings: (listings: number) => void,
): Promise<void> {
  let count = 0;
  ledger.begin();
  for await (const listing of listings) {
    const parsed = ListingInput.safeParse(ownFields(listing));
    const id = parsed.data?.externalId ?? (listing as { id?: unknown }).id;
    if (parsed.success && typeof id === 'string') ledger.rememberExisting(id, digestOf(parsed.data));
    count += 1;
    if (count % LISTINGS_PER_REPORT === 0) onListings(count);
  }
  ledger.commit();
}

/** What sending a listing would come to. */
export function foresee(
  ledger: Ledger,
  id: string,
  listing: ListingInput,
): keyof Pick<ImportTotals, 'created' | 'updated' | 'unchanged'> {
  const digest = ledger.existingDigest(id);
  if (!digest) return 'created';
  return digestOf(listing).equals(digest) ? 'unchanged' : 'updated';
}

/** Parsed listings have their fields in one order, whatever the order they came in. */
const digestOf = (listing: ListingInput) => createHash('sha256').update(JSON.stringify(listing)).digest();
