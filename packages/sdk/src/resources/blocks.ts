import type { Answer, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** Nights that a host does not sell. They are made and removed by `sojourn.calendar.put`. */
export class Blocks {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * The blocks of a listing in the order of their nights, each with its note.
   *
   * ```ts
   * for await (const { from, to, note } of sojourn.blocks.list(listingId)) console.log(from, to, note);
   * ```
   */
  list(
    listingId: string,
    query: Query<'listBlocks'> = {},
    options?: RequestOptions,
  ): List<Item<'listBlocks'>, Answer<'listBlocks'>> {
    return new List(
      (cursor) =>
        this.#caller.request(
          'GET',
          '/v1/listings/{listingId}/blocks',
          { path: { listingId }, query: { ...query, cursor } },
          options,
        ),
      query.cursor,
    );
  }
}
