import type { ApiPromise } from '../answer.ts';
import type { Answer, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** Other users, as everybody sees them. */
export class Users {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** A public profile. Fails with a `NotFoundError`. */
  get(userId: string, options?: RequestOptions): ApiPromise<Answer<'getUser'>> {
    return this.#caller.request('GET', '/v1/users/{userId}', { path: { userId } }, options);
  }
}
