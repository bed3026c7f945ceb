import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** Where the server sends events by itself. What receives them verifies by `@sojourn/sdk/webhooks`. */
export class WebhookEndpoints {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Makes an endpoint. `secret` is in this answer and in that of `rotateSecret` only.
   *
   * ```ts
   * const { secret } = await sojourn.webhookEndpoints.create({ url: 'https://example.com/hooks', types: ['listing.*'] });
   * ```
   */
  create(
    endpoint: Body<'createWebhookEndpoint'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'createWebhookEndpoint'>> {
    return this.#caller.request('POST', '/v1/webhook-endpoints', { body: endpoint }, options);
  }

  /** The user's endpoints, without their secrets. */
  list(
    query: Query<'listWebhookEndpoints'> = {},
    options?: RequestOptions,
  ): List<Item<'listWebhookEndpoints'>, Answer<'listWebhookEndpoints'>> {
    return new List(
      (cursor) =>
        this.#caller.request('GET', '/v1/webhook-endpoints', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** One endpoint: how it is set up, and whether it works. */
  get(endpointId: string, options?: RequestOptions): ApiPromise<Answer<'getWebhookEndpoint'>> {
    return this.#caller.request(
      'GET',
      '/v1/webhook-endpoints/{endpointId}',
      { path: { endpointId } },
      options,
    );
  }

  /** Changes an endpoint; what is left out stays. Enabling one sends what waited for it. */
  update(
    endpointId: string,
    changes: Body<'updateWebhookEndpoint'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'updateWebhookEndpoint'>> {
    return this.#caller.request(
      'PATCH',
      '/v1/webhook-endpoints/{endpointId}',
      { path: { endpointId }, body: changes },
      options,
    );
  }

  /** Removes an endpoint with its secret and its log. */
  delete(endpointId: string, options?: RequestOptions): ApiPromise<Answer<'deleteWebhookEndpoint'>> {
    return this.#caller.request(
      'DELETE',
      '/v1/webhook-endpoints/{endpointId}',
      { path: { endpointId } },
      options,
    );
  }

  /** Gets a new secret. For `overlapHours` (24 unless told) deliveries carry a signature of each of the two. */
  rotateSecret(
    endpointId: string,
    rotation: Body<'rotateWebhookSecret'> = {},
    options?: RequestOptions,
  ): ApiPromise<Answer<'rotateWebhookSecret'>> {
    return this.#caller.request(
      'POST',
      '/v1/webhook-endpoints/{endpointId}/rotate-secret',
      { path: { endpointId }, body: rotation },
      options,
    );
  }

  /** Sends a test now and tells what came of it: `state` is `delivered` or `failed`. */
  test(endpointId: string, options?: RequestOptions): ApiPromise<Answer<'testWebhookEndpoint'>> {
    return this.#caller.request(
      'POST',
      '/v1/webhook-endpoints/{endpointId}/test',
      { path: { endpointId } },
      options,
    );
  }

  /** The log of an endpoint, newest first, each delivery with its attempts. */
  deliveries(
    endpointId: string,
    query: Query<'listWebhookDeliveries'> = {},
    options?: RequestOptions,
  ): List<Item<'listWebhookDeliveries'>, Answer<'listWebhookDeliveries'>> {
    return new List(
      (cursor) =>
        this.#caller.request(
          'GET',
          '/v1/webhook-endpoints/{endpointId}/deliveries',
          { path: { endpointId }, query: { ...query, cursor } },
          options,
        ),
      query.cursor,
    );
  }

  /** Sends one event again, under the same `webhook-id`. */
  redeliver(
    endpointId: string,
    deliveryId: string,
    options?: RequestOptions,
  ): ApiPromise<Answer<'redeliverWebhook'>> {
    return this.#caller.request(
      'POST',
      '/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/redeliver',
      { path: { endpointId, deliveryId } },
      options,
    );
  }

  /** Sends all events of the user's world again, from a number on, each under its own `webhook-id`. */
  replay(
    endpointId: string,
    replay: Body<'replayWebhooks'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'replayWebhooks'>> {
    return this.#caller.request(
      'POST',
      '/v1/webhook-endpoints/{endpointId}/replay',
      { path: { endpointId }, body: replay },
      options,
    );
  }
}
