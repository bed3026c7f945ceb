import { localSpace } from '../../platform/cache/cache.ts';
import type { Context } from '../../platform/context.ts';
import type { Rulebook } from '../model/facts.ts';
import { listFeeSchedulesInForce } from '../repository/fee-schedules.ts';
import { listPoliciesInForce } from '../repository/policies.ts';
import { listTaxRulesInForce } from '../repository/tax-rules.ts';

const RULEBOOK = localSpace<Rulebook>({ name: 'rulebook', ttlMs: 1_000, max: 1, keepsMissing: false });
const KEY = 'all';

/**
 * The marketplace's rules about money, as they were at most a second ago. What takes effect later is in it already, so
 * that the second counts only for what an admin lets take effect at once.
 */
export async function readRulebook(ctx: Context): Promise<Rulebook> {
  const rulebook = await ctx.cache.remember(RULEBOOK, KEY, () => loadRulebook(ctx));
  return rulebook ?? loadRulebook(ctx);
}

async function loadRulebook({ db, clock }: Context): Promise<Rulebook> {
  const [feeSchedules, policies, taxRules] = await Promise.all([
    listFeeSchedulesInForce(db),
    listPoliciesInForce(db),
    listTaxRulesInForce(db, clock.now()),
  ]);
  return { feeSchedules, policies, taxRules };
}

/** For whatever changes the rules: this process goes by the change at once, the others within a second. */
export function forgetRulebook({ cache }: Context): void {
  void cache.forget(RULEBOOK, [KEY]);
}
