import type { ApiPromise } from '../answer.ts';
import type { Answer, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** The mail of a server: what kinds there are, and what a server without SMTP kept instead of sending it. */
export class AdminMail {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * The mails that were kept, newest first, as a list over all pages. Fails with the code `mailbox_not_available` when
   * the server sends its mail.
   *
   * ```ts
   * const { data: [newest] } = await sojourn.admin.mail.list({ limit: 1 }).page();
   * ```
   */
  list(
    query: Query<'listMails'> = {},
    options?: RequestOptions,
  ): List<Item<'listMails'>, Answer<'listMails'>> {
    return new List(
      (cursor) => this.#caller.request('GET', '/v1/admin/mails', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** One mail that was kept, as text and as HTML. */
  get(mailId: string, options?: RequestOptions): ApiPromise<Answer<'getMail'>> {
    return this.#caller.request('GET', '/v1/admin/mails/{mailId}', { path: { mailId } }, options);
  }

  /** Every kind of mail. */
  templates(options?: RequestOptions): ApiPromise<Answer<'listMailTemplates'>> {
    return this.#caller.request('GET', '/v1/admin/mail-templates', {}, options);
  }

  /** How a kind of mail looks, with made-up data. */
  preview(name: string, options?: RequestOptions): ApiPromise<Answer<'previewMail'>> {
    return this.#caller.request('GET', '/v1/admin/mail-templates/{name}', { path: { name } }, options);
  }
}
