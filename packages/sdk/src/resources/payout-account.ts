import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** Where a host's money goes: an account at Stripe. */
export class PayoutAccount {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Whether payouts can go there, and what Stripe still wants to know. `status` is `none` before there is one. */
  get(options?: RequestOptions): ApiPromise<Answer<'getPayoutAccount'>> {
    return this.#caller.request('GET', '/v1/payout-account', {}, options);
  }

  /**
   * Opens the account, once, and links to the page of Stripe on which the host says who they are. The link works once,
   * for a few minutes: call again for another one.
   *
   * ```ts
   * const { onboardingUrl } = await sojourn.payoutAccount.open({ country: 'PT', returnUrl: 'https://example.com/hosting' });
   * ```
   */
  open(
    account: Body<'openPayoutAccount'> = {},
    options?: RequestOptions,
  ): ApiPromise<Answer<'openPayoutAccount'>> {
    return this.#caller.request('POST', '/v1/payout-account', { body: account }, options);
  }
}
