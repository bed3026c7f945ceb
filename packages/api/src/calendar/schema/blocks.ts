import { z } from 'zod';
import { pageOf, pageQuery } from '../../platform/http/cursor.ts';
import { publicId } from '../../platform/id.ts';
import { from, to } from './common.ts';

const BLOCK_ID = 'blk_01k9q2v7n8e6xrd5w3m4h1t0zc';

const BLOCK = {
  id: BLOCK_ID,
  from: '2027-09-01',
  to: '2027-09-08',
  note: 'New bathroom',
  createdAt: '2026-11-23T09:30:00.000Z',
};
export const BlocksQuery = z.strictObject(pageQuery);
const BlockView = z
  .object({ id: z.string(), from, to, note: z.string().nullable(), createdAt: z.iso.datetime() })
  .meta({
    id: 'CalendarBlock',
    description: 'Nights that the host does not sell, whether or not a stay is there.',
    examples: [BLOCK],
  });
export const BlockPage = pageOf(BlockView).meta({
  id: 'CalendarBlockPage',
  examples: [{ data: [BLOCK], nextCursor: null }],
});

export const toBlockView = ({
  id,
  createdAt,
  ...block
}: {
  id: string;
  from: string;
  to: string;
  note: string | null;
  createdAt: Date;
}) => ({ ...block, id: publicId('blk', id), createdAt: createdAt.toISOString() });
