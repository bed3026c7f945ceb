import type { ApiPromise } from '../answer.ts';
import type { Answer, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** What hosts get of the stays in their homes. */
export class Payouts {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * The user's payouts, newest first, as a list over all pages.
   *
   * ```ts
   * for await (const { dueAt, sent } of sojourn.payouts.list({ status: 'scheduled' })) console.log(dueAt, sent);
   * ```
   */
  list(
    query: Query<'listPayouts'> = {},
    options?: RequestOptions,
  ): List<Item<'listPayouts'>, Answer<'listPayouts'>> {
    return new List(
      (cursor) => this.#caller.request('GET', '/v1/payouts', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** One payout, with what was deducted from it. */
  get(payoutId: string, options?: RequestOptions): ApiPromise<Answer<'getPayout'>> {
    return this.#caller.request('GET', '/v1/payouts/{payoutId}', { path: { payoutId } }, options);
  }
}
