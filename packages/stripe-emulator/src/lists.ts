import { invalid, missingParam } from './errors.ts';
import { type Field, integer, object, text } from './params.ts';

interface Bounds {
  gt: number | undefined;
  gte: number | undefined;
  lt: number | undefined;
  lte: number | undefined;
}

const instants = object({ gt: integer(), gte: integer(), lt: integer(), lte: integer() });

/** A moment, or bounds of one. */
const created: Field<Bounds | undefined> = {
  read(value, name) {
    if (typeof value !== 'string') return instants.read(value, name);
    const exactly = integer().read(value, name);
    return { gte: exactly, lte: exactly, gt: undefined, lt: undefined };
  },
};

/** The parameters of every list. */
export const paging = { limit: integer(1), starting_after: text(), ending_before: text() };
export const pagingByTime = { ...paging, created };

interface Page {
  limit: number | undefined;
  starting_after: string | undefined;
  ending_before: string | undefined;
  created?: Bounds | undefined;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** One page of `items`, which are newest first. */
export function page<T extends { id: string; created: number }>(
  items: T[],
  given: Page,
  url: string,
): object {
  const limit = given.limit ?? DEFAULT_LIMIT;
  if (limit > MAX_LIMIT) throw invalid(`Invalid limit: must be at most ${MAX_LIMIT}`, { param: 'limit' });
  const wanted = given.created ? items.filter((item) => isWithin(item.created, given.created!)) : items;
  if (given.ending_before !== undefined) {
    const before = wanted.slice(0, indexOf(wanted, given.ending_before, 'ending_before'));
    return listObject(before.slice(-limit), before.length > limit, url);
  }
  const from =
    given.starting_after === undefined ? 0 : indexOf(wanted, given.starting_after, 'starting_after') + 1;
  return listObject(wanted.slice(from, from + limit), wanted.length > from + limit, url);
}

const listObject = (data: object[], hasMore: boolean, url: string) => ({
  object: 'list',
  data,
  has_more: hasMore,
  url,
});

const isWithin = (moment: number, { gt, gte, lt, lte }: NonNullable<Page['created']>): boolean =>
  (gt === undefined || moment > gt) &&
  (gte === undefined || moment >= gte) &&
  (lt === undefined || moment < lt) &&
  (lte === undefined || moment <= lte);

function indexOf(items: { id: string }[], id: string, param: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw missingParam('object', id, param);
  return index;
}
