import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

// A refresh token whose answer was lost may be sent again within ten seconds; later the server takes it for stolen.
const REFRESH_LIMITS = { timeout: 4_000, deadline: 9_000 };

/** Accounts and sessions. The client does not keep the tokens: make another client with the `accessToken`. */
export class Auth {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Opens an account and a session. Fails with a `ValidationError` that lists what is wrong, such as a known-breached password. */
  register(account: Body<'register'>, options?: RequestOptions): ApiPromise<Answer<'register'>> {
    return this.#caller.request('POST', '/v1/auth/register', { body: account }, options);
  }

  /**
   * Opens a session. Fails with an `AuthenticationError`, the same whether the address or the password is wrong.
   *
   * ```ts
   * const { accessToken } = await sojourn.auth.login({ email, password });
   * const mine = new Sojourn({ baseUrl, accessToken });
   * ```
   */
  login(credentials: Body<'login'>, options?: RequestOptions): ApiPromise<Answer<'login'>> {
    return this.#caller.request('POST', '/v1/auth/login', { body: credentials }, options);
  }

  /**
   * New tokens for a refresh token, which is used up by it: keep the new one. Using an old one again ends the session.
   * Fails with an `AuthenticationError` when the session is over.
   */
  refresh(token: Body<'refreshSession'>, options?: RequestOptions): ApiPromise<Answer<'refreshSession'>> {
    return this.#caller.request(
      'POST',
      '/v1/auth/refresh',
      { body: token },
      { ...REFRESH_LIMITS, ...options },
    );
  }

  /** Ends the session of the access token that this client has. */
  logout(options?: RequestOptions): ApiPromise<Answer<'logout'>> {
    return this.#caller.request('POST', '/v1/auth/logout', {}, options);
  }
}
