import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import { newUuid } from '../../platform/id.ts';
import { type Nights, rangeOf } from '../model/nights.ts';

/** Nights that a host does not sell, as the host wrote them, whether or not a stay is there. */
export interface Block extends Nights {
  id: string;
  note: string | null;
  createdAt: Date;
}

export interface NewBlock extends Nights {
  listingId: string;
  note: string | null;
}

const NEW_BLOCK_TYPES = { id: 'uuid', listing_id: 'uuid', nights: 'daterange', note: 'text' } as const;

export async function insertBlocks(tx: Tx, blocks: readonly NewBlock[], now: Date): Promise<void> {
  if (blocks.length === 0) return;
  const rows = blocks.map((block) => ({
    id: newUuid(now),
    listing_id: block.listingId,
    nights: rangeOf(block),
    note: block.note,
  }));
  await sql`insert into blocks (id, listing_id, nights, note, created_at)
    select id, listing_id, nights, note, ${now}::timestamptz from ${columnwise(rows, NEW_BLOCK_TYPES)} as rows`.execute(
    tx,
  );
}

const BLOCK_KEY_TYPES = { listing_id: 'uuid', nights: 'daterange' } as const;

/** Removes blocks by their very nights. */
export async function removeBlocks(
  tx: Tx,
  blocks: readonly (Nights & { listingId: string })[],
): Promise<void> {
  if (blocks.length === 0) return;
  const rows = blocks.map((block) => ({ listing_id: block.listingId, nights: rangeOf(block) }));
  await sql`delete from blocks using ${columnwise(rows, BLOCK_KEY_TYPES)} as gone
    where blocks.listing_id = gone.listing_id and blocks.nights = gone.nights`.execute(tx);
}

/** In the order of their nights, from those that begin after `after`. */
export async function listBlocks(
  db: Db,
  listingId: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Block[]> {
  const { rows } = await sql<Block>`
    select id, lower(nights) as "from", upper(nights) as "to", note, created_at as "createdAt"
    from blocks where listing_id = ${listingId} and lower(nights) > ${after ?? '-infinity'}::date
    order by lower(nights) limit ${limit}`.execute(db);
  return rows;
}
