import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** Keys for programs, each limited to scopes. */
export class ApiKeys {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The user's keys, without the keys themselves. */
  list(
    query: Query<'listApiKeys'> = {},
    options?: RequestOptions,
  ): List<Item<'listApiKeys'>, Answer<'listApiKeys'>> {
    return new List(
      (cursor) => this.#caller.request('GET', '/v1/api-keys', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /**
   * Makes a key. `key` is in this answer only: the server keeps no copy that could be shown again.
   *
   * ```ts
   * const { key } = await sojourn.apiKeys.create({ name: 'nightly import', scopes: ['listings:read', 'listings:write'] });
   * ```
   */
  create(apiKey: Body<'createApiKey'>, options?: RequestOptions): ApiPromise<Answer<'createApiKey'>> {
    return this.#caller.request('POST', '/v1/api-keys', { body: apiKey }, options);
  }

  /** Ends a key at once. */
  revoke(keyId: string, options?: RequestOptions): ApiPromise<Answer<'revokeApiKey'>> {
    return this.#caller.request('DELETE', '/v1/api-keys/{keyId}', { path: { keyId } }, options);
  }
}
