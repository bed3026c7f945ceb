import type { ApiPromise } from '../answer.ts';
import type { Answer, Body, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';

/** Work that looks after what the marketplace keeps. It only looks unless it is told to `apply`, with a reason. */
export class AdminMaintenance {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** What can be done. */
  tasks(options?: RequestOptions): ApiPromise<Answer<'listMaintenanceTasks'>> {
    return this.#caller.request('GET', '/v1/admin/maintenance', {}, options);
  }

  /**
   * Starts a task. The answer is its run, which a worker does: `get` tells how far it is and what came of it.
   *
   * ```ts
   * const { id } = await sojourn.admin.maintenance.start('reconcile', { from: '2027-05-01T00:00:00Z' });
   * const { status, result } = await sojourn.admin.maintenance.get(id);
   * ```
   */
  start(
    task: string,
    run: Body<'startMaintenance'> = {},
    options?: RequestOptions,
  ): ApiPromise<Answer<'startMaintenance'>> {
    return this.#caller.request(
      'POST',
      '/v1/admin/maintenance/{task}',
      { path: { task }, body: run },
      options,
    );
  }

  /** What was run, newest first, also what the marketplace runs daily by itself, as a list over all pages. */
  list(
    query: Query<'listMaintenanceRuns'> = {},
    options?: RequestOptions,
  ): List<Item<'listMaintenanceRuns'>, Answer<'listMaintenanceRuns'>> {
    return new List(
      (cursor) =>
        this.#caller.request('GET', '/v1/admin/maintenance-runs', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }

  /** One run: how far it is, and what came of it. */
  get(runId: string, options?: RequestOptions): ApiPromise<Answer<'getMaintenanceRun'>> {
    return this.#caller.request('GET', '/v1/admin/maintenance-runs/{runId}', { path: { runId } }, options);
  }
}
