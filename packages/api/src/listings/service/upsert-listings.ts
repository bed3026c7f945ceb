import type { ListingInput } from '@sojourn/shared/listing';
import { actorOf, type Context, type Tx, transaction } from '../../platform/context.ts';
import { fieldErrors } from '../../platform/http/validate.ts';
import { newUuid } from '../../platform/id.ts';
import type { FieldError } from '../../platform/problem.ts';
import {
  contentHash,
  type ImportRules,
  type KnownListing,
  planImport,
  type RowOutcome,
  writes,
} from '../model.ts';
import { listKnownListings, listListingsById, upsertListings as upsert } from '../repository/import.ts';
import { replacePhotos } from '../repository/photos.ts';
import { BatchListing, type ListingBatch } from '../schema.ts';
import { forgetListings } from './recent-listings.ts';
import { type ImportedListing, tellOfImport } from './tell-of-import.ts';

/** A row that is valid by itself. */
interface Row {
  externalId: string;
  /** Its id if it becomes a new listing. */
  id: string;
  content: ListingInput;
  contentHash: Buffer;
}

/**
 * Creates or updates the caller's listings by `externalId`. A row that is wrong fails alone; one that changes nothing
 * writes nothing. Answers what became of each row, in their order.
 */
export async function upsertListings(
  ctx: Context,
  { listings, publish }: ListingBatch,
): Promise<RowOutcome[]> {
  const rows = readRows(listings, ctx.clock.now());
  const valid = rows.filter((row) => 'content' in row);
  const outcomes = await transaction(ctx, (tx) => importRows(tx, ctx, valid, publish));
  forgetListings(
    ctx,
    [...outcomes.values()].map(({ listingId }) => listingId),
  );
  return rows.map((row) => ('content' in row ? outcomes.get(row.externalId)! : row));
}

function readRows(values: readonly unknown[], now: Date): (Row | RowOutcome)[] {
  // Ids ascend with the rows, so that lists and exports keep the order of the file.
  const ids = values.map(() => newUuid(now)).sort();
  const taken = new Set<string>();
  return values.map((value, index) => {
    const parsed = BatchListing.safeParse(value);
    if (!parsed.success) return refused(givenExternalId(value), fieldErrors(parsed.error));
    const content = parsed.data;
    if (taken.has(content.externalId)) return refused(content.externalId, [DUPLICATE]);
    taken.add(content.externalId);
    return { externalId: content.externalId, id: ids[index]!, content, contentHash: contentHash(content) };
  });
}

const refused = (externalId: string | null, errors: FieldError[]): RowOutcome => ({
  externalId,
  outcome: 'failed',
  listingId: null,
  status: null,
  errors,
  gaps: [],
});

const DUPLICATE: FieldError = {
  pointer: '/externalId',
  code: 'duplicate_external_id',
  message: 'is the externalId of an earlier row of this batch, too; only that row was taken',
};

function givenExternalId(row: unknown): string | null {
  const given = typeof row === 'object' && row !== null && 'externalId' in row ? row.externalId : null;
  return typeof given === 'string' ? given : null;
}

async function importRows(tx: Tx, ctx: Context, rows: readonly Row[], publish: boolean) {
  const rules = { publish, requirePhotos: ctx.config.requirePhotos };
  const hostId = actorOf(ctx).userId;
  const now = ctx.clock.now();
  const outcomes = new Map<string, RowOutcome & { listingId: string }>();
  const imported: ImportedListing[] = [];
  // All imports go through the listings in one order, so that two that overlap wait for each other and cannot deadlock.
  let pending = rows.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1));
  // The first look locks nothing. A listing that somebody else changes before it is written is left as it is, but it is
  // locked from then on, so that what the second look finds stays true.
  for (let look = 1; pending.length > 0; look += 1) {
    if (look > 2) throw new Error(`${pending.length} listings were changed although they were locked.`);
    const known = await listKnownListings(
      tx,
      hostId,
      pending.map(({ externalId }) => externalId),
    );
    const planned = pending.map((row) => planRow(row, known.get(row.externalId), rules));
    const before = await listListingsById(
      tx,
      planned.filter(rewrites).map(({ known }) => known!.id),
    );
    const written = await upsert(tx, hostId, planned.filter(writes), now);
    for (const row of planned) {
      const { externalId, outcome, status, errors, gaps, known: was } = row;
      const listingId = writes(row) ? written.get(externalId) : was?.id;
      if (listingId === undefined) continue;
      outcomes.set(externalId, { externalId, listingId, outcome, status, errors, gaps });
      if (writes(row))
        imported.push({
          ...row,
          id: listingId,
          hostId,
          before: before.get(listingId),
          wasStatus: was?.status,
        });
    }
    pending = pending.filter(({ externalId }) => !outcomes.has(externalId));
  }
  await replacePhotos(
    tx,
    imported.map(({ id, content }) => ({ listingId: id, photos: content.photos })),
    now,
  );
  await tellOfImport(ctx, tx, imported);
  return outcomes;
}

const planRow = (row: Row, known: KnownListing | undefined, rules: ImportRules) => ({
  ...row,
  ...planImport(row, known, rules),
  version: (known?.version ?? 0) + 1,
  known,
});

/** Whether the row gives a listing that is there other content. */
const rewrites = ({ outcome, known, contentHash: hash }: ReturnType<typeof planRow>) =>
  outcome === 'updated' && known !== undefined && !known.contentHash.equals(hash);
