import type { ApiPromise } from '../answer.ts';
import type { Answer, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** The user's own sessions. */
export class Sessions {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Where the user is signed in. */
  list(
    query: Query<'listSessions'> = {},
    options?: RequestOptions,
  ): List<Item<'listSessions'>, Answer<'listSessions'>> {
    return new List(
      (cursor) => this.#caller.request('GET', '/v1/sessions', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** Ends a session: its tokens no longer work. */
  revoke(sessionId: string, options?: RequestOptions): ApiPromise<Answer<'revokeSession'>> {
    return this.#caller.request('DELETE', '/v1/sessions/{sessionId}', { path: { sessionId } }, options);
  }
}
