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

  /** Proves an address by the token of a mail. Fails with the code `email_token_invalid` when it is spent or too old. */
  verifyEmail(token: Body<'verifyEmail'>, options?: RequestOptions): ApiPromise<Answer<'verifyEmail'>> {
    return this.#caller.request('POST', '/v1/auth/verify-email', { body: token }, options);
  }

  /** Has the account of this client sent another mail by which to prove its address. */
  sendVerification(options?: RequestOptions): ApiPromise<Answer<'sendVerification'>> {
    return this.#caller.request('POST', '/v1/auth/send-verification', {}, options);
  }

  /** Has a link to a new password mailed to the verified account of an address. Tells nothing of whether there is one. */
  forgotPassword(
    address: Body<'forgotPassword'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'forgotPassword'>> {
    return this.#caller.request('POST', '/v1/auth/forgot-password', { body: address }, options);
  }

  /** Sets a new password by the token of a mail, and ends all sessions of the account. */
  resetPassword(
    change: Body<'resetPassword'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'resetPassword'>> {
    return this.#caller.request('POST', '/v1/auth/reset-password', { body: change }, options);
  }

  /** Ends the session of the access token that this client has. */
  logout(options?: RequestOptions): ApiPromise<Answer<'logout'>> {
    return this.#caller.request('POST', '/v1/auth/logout', {}, options);
  }
}
