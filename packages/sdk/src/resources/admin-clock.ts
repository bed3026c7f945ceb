import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller } from '../contract.ts';
import type { RequestOptions } from '../options.ts';

/** The time of the marketplace, which a sandbox can move. */
export class AdminClock {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** What time it is there, and whether everything that is due by it is done. */
  get(options?: RequestOptions): ApiPromise<Answer<'getClock'>> {
    return this.#caller.request('GET', '/v1/admin/clock', {}, options);
  }

  /**
   * Moves time forward, by a span or to an instant: holds expire, stays begin and end, payouts go out. With `wait` the
   * answer comes when all of that is done, within 30 seconds. Fails with the code `sandbox_only` elsewhere.
   *
   * ```ts
   * await sojourn.admin.clock.move({ advance: '3d', wait: true });
   * ```
   */
  move(move: Body<'moveClock'>, options?: RequestOptions): ApiPromise<Answer<'moveClock'>> {
    return this.#caller.request('POST', '/v1/admin/clock', { body: move }, options);
  }
}
