import type { Answer, Caller, Item, Query } from '../contract.ts';
import type { RequestOptions } from '../options.ts';
import { List } from '../paginate.ts';
import { AdminClock } from './admin-clock.ts';
import { AdminMail } from './admin-mail.ts';
import { AdminMaintenance } from './admin-maintenance.ts';
import { AdminFeeSchedules, AdminPolicies, AdminTaxRules } from './admin-pricing.ts';
import { AdminQueues } from './admin-queues.ts';

/** Who did what, newest first. */
export class AuditLog {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Everything that somebody brought about, as a list over all pages.
   *
   * ```ts
   * for await (const act of sojourn.admin.auditLog.list({ type: 'queue.drained' })) console.log(act.actor, act.data);
   * ```
   */
  list(
    query: Query<'listAuditLog'> = {},
    options?: RequestOptions,
  ): List<Item<'listAuditLog'>, Answer<'listAuditLog'>> {
    return new List(
      (cursor) =>
        this.#caller.request('GET', '/v1/admin/audit-log', { query: { ...query, cursor } }, options),
      query.cursor,
    );
  }
}

/** For those who run the marketplace: needs the scope `admin` and the role of an admin. */
export class Admin {
  /** The background work. */
  readonly queues: AdminQueues;
  readonly auditLog: AuditLog;
  /** What the server writes to people. */
  readonly mail: AdminMail;
  /** What the marketplace takes. */
  readonly feeSchedules: AdminFeeSchedules;
  /** What guests who cancel get back. */
  readonly policies: AdminPolicies;
  /** Taxes on stays. */
  readonly taxRules: AdminTaxRules;
  /** The time of the marketplace. */
  readonly clock: AdminClock;
  /** Checks and repairs, the reconciliation with Stripe among them. */
  readonly maintenance: AdminMaintenance;

  /** @internal */
  constructor(caller: Caller) {
    this.queues = new AdminQueues(caller);
    this.auditLog = new AuditLog(caller);
    this.mail = new AdminMail(caller);
    this.feeSchedules = new AdminFeeSchedules(caller);
    this.policies = new AdminPolicies(caller);
    this.taxRules = new AdminTaxRules(caller);
    this.clock = new AdminClock(caller);
    this.maintenance = new AdminMaintenance(caller);
  }
}
