import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** Which notifications the user gets, and how. */
export class NotificationPreferences {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Every kind with its channels, and which of them can be changed. */
  get(options?: RequestOptions): ApiPromise<Answer<'getNotificationPreferences'>> {
    return this.#caller.request('GET', '/v1/notification-preferences', {}, options);
  }

  /**
   * Keeps these choices, all of them or none; what is not named stays.
   *
   * ```ts
   * await sojourn.notificationPreferences.update({
   *   preferences: [{ kind: 'listingPublished', channel: 'mail', enabled: true }],
   * });
   * ```
   */
  update(
    choices: Body<'updateNotificationPreferences'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'updateNotificationPreferences'>> {
    return this.#caller.request('PUT', '/v1/notification-preferences', { body: choices }, options);
  }

  /** Switches one kind of mail off by the token of its link to unsubscribe. It needs no credentials. */
  unsubscribe(token: string, options?: RequestOptions): ApiPromise<Answer<'unsubscribeFromNotification'>> {
    return this.#caller.request(
      'POST',
      '/v1/notification-preferences/unsubscribe/{token}',
      { path: { token } },
      options,
    );
  }
}
