import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** The background work. Every change needs a reason, which the audit log keeps. */
export class AdminQueues {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Every queue at a glance, and how far events have come. */
  list(options?: RequestOptions): ApiPromise<Answer<'listQueues'>> {
    return this.#caller.request('GET', '/v1/admin/queues', {}, options);
  }

  /** One queue with its jobs, dead ones first; `limit` jobs of each state. */
  get(
    queue: string,
    query: Query<'getQueue'> = {},
    options?: RequestOptions,
  ): ApiPromise<Answer<'getQueue'>> {
    return this.#caller.request('GET', '/v1/admin/queues/{queue}', { path: { queue }, query }, options);
  }

  /** Lets dead jobs be tried again; of the queue `events`, events that were set aside. `count` says how many. */
  retry(
    queue: string,
    reason: Body<'retryQueue'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'retryQueue'>> {
    return this.#caller.request(
      'POST',
      '/v1/admin/queues/{queue}/retry',
      { path: { queue }, body: reason },
      options,
    );
  }

  /** Stops the work at a queue in all processes. What comes meanwhile waits. */
  pause(
    queue: string,
    reason: Body<'pauseQueue'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'pauseQueue'>> {
    return this.#caller.request(
      'POST',
      '/v1/admin/queues/{queue}/pause',
      { path: { queue }, body: reason },
      options,
    );
  }

  /** Lets the work at a queue go on. */
  resume(
    queue: string,
    reason: Body<'resumeQueue'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'resumeQueue'>> {
    return this.#caller.request(
      'POST',
      '/v1/admin/queues/{queue}/resume',
      { path: { queue }, body: reason },
      options,
    );
  }

  /** Removes what waits in a queue, for good. No event is lost by draining `events`. */
  drain(
    queue: string,
    reason: Body<'drainQueue'>,
    options?: RequestOptions,
  ): ApiPromise<Answer<'drainQueue'>> {
    return this.#caller.request(
      'POST',
      '/v1/admin/queues/{queue}/drain',
      { path: { queue }, body: reason },
      options,
    );
  }
}
