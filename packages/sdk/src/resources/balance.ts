import type { ApiPromise } from '../answer.ts';
import type { Answer, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** How a host's money stands, and how it came to. */
export class Balance {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** What is to come, on hold, on its way, paid and owed, one for each currency. */
  get(query: Query<'getBalance'> = {}, options?: RequestOptions): ApiPromise<Answer<'getBalance'>> {
    return this.#caller.request('GET', '/v1/balance', { query }, options);
  }

  /**
   * The statement: everything that changed what the marketplace owes the user, oldest first, as a list over all pages.
   *
   * ```ts
   * for await (const { occurredAt, kind, amount, balance } of sojourn.balance.entries({ from: '2027-05-01', to: '2027-06-01' })) {
   *   console.log(occurredAt, kind, amount, balance);
   * }
   * ```
   */
  entries(
    query: Query<'listBalanceEntries'> = {},
    options?: RequestOptions,
  ): List<Item<'listBalanceEntries'>, Answer<'listBalanceEntries'>> {
    return new List(
      (cursor) =>
        this.#caller.request('GET', '/v1/balance/entries', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }
}
