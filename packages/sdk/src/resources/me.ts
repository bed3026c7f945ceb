import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** The user whose credentials these are. */
export class Me {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The user's own profile, private members included. */
  get(options?: RequestOptions): ApiPromise<Answer<'getMe'>> {
    return this.#caller.request('GET', '/v1/me', {}, options);
  }

  /** Changes the members given; the others stay. */
  update(changes: Body<'updateMe'>, options?: RequestOptions): ApiPromise<Answer<'updateMe'>> {
    return this.#caller.request('PATCH', '/v1/me', { body: changes }, options);
  }

  /** Closes the account, for good. Asks for the password again: an access token alone may be stolen. */
  delete(confirmation: Body<'deleteMe'>, options?: RequestOptions): ApiPromise<Answer<'deleteMe'>> {
    return this.#caller.request('DELETE', '/v1/me', { body: confirmation }, options);
  }

  /** Everything that the server holds about the user. */
  export(options?: RequestOptions): ApiPromise<Answer<'exportMe'>> {
    return this.#caller.request('GET', '/v1/me/export', {}, options);
  }
}
