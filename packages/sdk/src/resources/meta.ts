import type { ApiPromise } from '../answer.ts';
import type { Answer, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** The server itself. */
export class Meta {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Name, version, mode and links of the server. */
  get(options?: RequestOptions): ApiPromise<Answer<'getWelcome'>> {
    return this.#caller.request('GET', '/', {}, options);
  }

  /** Whether the server process is alive. */
  health(options?: RequestOptions): ApiPromise<Answer<'getHealth'>> {
    return this.#caller.request('GET', '/healthz', {}, options);
  }

  /** Whether the server takes requests. Fails with a `ServerError` (503) while its database does not answer. */
  readiness(options?: RequestOptions): ApiPromise<Answer<'getReadiness'>> {
    return this.#caller.request('GET', '/readyz', {}, options);
  }

  /** The public keys that access tokens are signed with, as a JSON Web Key Set. */
  signingKeys(options?: RequestOptions): ApiPromise<Answer<'getSigningKeys'>> {
    return this.#caller.request('GET', '/.well-known/jwks.json', {}, options);
  }
}
