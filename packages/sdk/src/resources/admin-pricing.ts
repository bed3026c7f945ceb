import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

// What a marketplace decides about money. Each takes effect at its moment; what was quoted or booked before keeps what
// held then, so nothing here is ever changed.

/** What the marketplace takes. */
export class AdminFeeSchedules {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** All of them, newest first. The one that holds is that whose `effectiveFrom` is the latest that is past. */
  list(
    query: Query<'listFeeSchedules'> = {},
    options?: RequestOptions,
  ): List<Item<'listFeeSchedules'>, Answer<'listFeeSchedules'>> {
    return new List(
      (cursor) =>
        this.#caller.request('GET', '/v1/admin/fee-schedules', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** Has a new one take over. Shares are hundredths of a percent: 300 is 3 %. */
  create(
    schedule: Body<'createFeeSchedule'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'createFeeSchedule'>> {
    return this.#caller.request('POST', '/v1/admin/fee-schedules', { body: schedule }, options);
  }
}

/** What guests who cancel get back. */
export class AdminPolicies {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Every version of every policy, newest first. */
  list(
    query: Query<'listPolicies'> = {},
    options?: RequestOptions,
  ): List<Item<'listPolicies'>, Answer<'listPolicies'>> {
    return new List(
      (cursor) => this.#caller.request('GET', '/v1/admin/policies', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** Has a new version take over. Rules that could give more back at a later instant are refused. */
  create(policy: Body<'createPolicy'>, options?: RequestOptions): ApiPromise<Answer<'createPolicy'>> {
    return this.#caller.request('POST', '/v1/admin/policies', { body: policy }, options);
  }
}

/** Taxes on stays. */
export class AdminTaxRules {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** All of them, newest first, also those that have ended. */
  list(
    query: Query<'listTaxRules'> = {},
    options?: RequestOptions,
  ): List<Item<'listTaxRules'>, Answer<'listTaxRules'>> {
    return new List(
      (cursor) =>
        this.#caller.request('GET', '/v1/admin/tax-rules', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** Adds one. Several may hold for one stay. */
  create(rule: Body<'createTaxRule'>, options?: RequestOptions): ApiPromise<Answer<'createTaxRule'>> {
    return this.#caller.request('POST', '/v1/admin/tax-rules', { body: rule }, options);
  }

  /** Ends one, at once or at `effectiveUntil`. */
  end(
    taxRuleId: string,
    end: Body<'endTaxRule'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'endTaxRule'>> {
    return this.#caller.request(
      'POST',
      '/v1/admin/tax-rules/{taxRuleId}/end',
      { path: { taxRuleId }, body: end },
      options,
    );
  }
}
