import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalidCursor } from '../problems.ts';

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** The query members of every list. */
export const pageQuery = {
  limit: z.coerce
    .number('must be a whole number')
    .int()
    .min(1)
    .max(MAX_PAGE_SIZE)
    .default(DEFAULT_PAGE_SIZE)
    .meta({ description: 'Items on a page.' }),
  cursor: z
    .string()
    .max(2_000)
    .optional()
    .meta({ description: '`nextCursor` of the page before; leave it out for the first.' }),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    data: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Continues the list; null on the last page.' }),
  });

/**
 * A position in a list as opaque text. It carries a mark of the list it belongs to (operation, filters, sorting), so
 * that it cannot silently continue another one.
 */
export function encodeCursor(list: unknown, position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([markOf(list), ...position])).toString('base64url');
}

export function decodeCursor<T extends z.ZodType>(list: unknown, cursor: string, position: T): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(value) || value[0] !== markOf(list)) throw invalidCursor();
  const parsed = position.safeParse(value.slice(1));
  if (!parsed.success) throw invalidCursor();
  return parsed.data;
}

const markOf = (list: unknown) =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 8);

/** One page from rows of which one more than `limit` was asked for. */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  cursorAfter: (row: Row) => string,
): { data: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  return { data: shown.map(toItem), nextCursor: rows.length > limit ? cursorAfter(shown.at(-1)!) : null };
}
