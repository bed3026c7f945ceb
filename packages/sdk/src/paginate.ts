import type { ApiPromise } from './answer.ts';
import { SojournError } from './sojourn-error.ts';

/** One page of a list. `nextCursor` continues it; null on the last page. */
export interface Page<Item> {
  data: Item[];
  nextCursor: string | null;
}

/**
 * A list that is fetched as it is read. Nothing is sent until it is iterated or `page()` is called.
 *
 * ```ts
 * for await (const listing of sojourn.listings.list({ status: 'draft' })) console.log(listing.title);
 * const { data, nextCursor } = await sojourn.listings.list({ limit: 50 }).page();
 * ```
 */
export class List<Item, P extends Page<Item> = Page<Item>> implements AsyncIterable<Item> {
  readonly #fetch: (cursor: string | undefined) => ApiPromise<P>;
  readonly #start: string | undefined;

  /** @internal */
  constructor(fetch: (cursor: string | undefined) => ApiPromise<P>, start: string | undefined) {
    this.#fetch = fetch;
    this.#start = start;
  }

  /** The first page, or the one that the `cursor` parameter names. */
  page(): ApiPromise<P> {
    return this.#fetch(this.#start);
  }

  /** Page after page, each fetched when it is asked for. */
  async *pages(): AsyncGenerator<P, void, undefined> {
    let cursor = this.#start;
    for (;;) {
      const page = await this.#fetch(cursor);
      yield page;
      if (page.nextCursor === null || page.nextCursor === undefined) return;
      // A cursor that leads to itself would be followed for ever.
      if (page.nextCursor === cursor)
        throw new SojournError('The list does not advance: a page names itself as the next one.');
      cursor = page.nextCursor;
    }
  }

  /** Item after item, over all pages. Each page is a request of its own, with the call's options. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page.data as Item[];
  }
}
