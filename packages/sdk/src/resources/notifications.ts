import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** What happened that concerns the user. */
export class Notifications {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * The newest first. Each page tells `unreadCount`, of all of them.
   *
   * ```ts
   * const { data, unreadCount } = await sojourn.notifications.list({ unread: true }).page();
   * ```
   */
  list(
    query: Query<'listNotifications'> = {},
    options?: RequestOptions,
  ): List<Item<'listNotifications'>, Answer<'listNotifications'>> {
    return new List(
      (cursor) => this.#caller.request('GET', '/v1/notifications', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** Marks one as read. */
  read(notificationId: string, options?: RequestOptions): ApiPromise<Answer<'readNotification'>> {
    return this.#caller.request(
      'POST',
      '/v1/notifications/{notificationId}/read',
      { path: { notificationId } },
      options,
    );
  }

  /** Marks all as read, or with `upTo` that one and all before it. */
  readAll(
    reading: Body<'readNotifications'> = {},
    options?: RequestOptions,
  ): ApiPromise<Answer<'readNotifications'>> {
    return this.#caller.request('POST', '/v1/notifications/read', { body: reading }, options);
  }
}
