import type { MaintenanceRun } from '@sojourn/sdk';
import type { Colours } from '../../io.ts';
import { count } from '../../render.ts';

type Result = NonNullable<MaintenanceRun['result']>;
export type Reconciliation = Extract<Result, { task: 'reconcile' }>;

export const isReconciliation = (result: Result | null): result is Reconciliation =>
  result?.task === 'reconcile';

/** What there is at Stripe beside what the ledger says should be there, where it was compared. */
export const balanceDiffers = ({ ledger, bank, stripe }: NonNullable<Reconciliation['balances']>[number]) =>
  ledger + bank !== stripe;

/** How many things of a run somebody has to look at: movements and balances that differ, listings that were wrong. */
export function openMatters({ result }: Pick<MaintenanceRun, 'result'>): number {
  if (result === null) return 0;
  if (isReconciliation(result))
    return result.differenceCount + (result.balances ?? []).filter(balanceDiffers).length;
  return result.wrong - result.mended;
}

/** A few words of what came of a run, or how far it is. */
export function outcomeText(run: MaintenanceRun): string {
  const { status, progress, result } = run;
  if (status === 'running')
    return progress.total === null
      ? 'running'
      : `running, ${Math.floor((progress.done / Math.max(progress.total, 1)) * 100)}%`;
  if (result === null) return status;
  if (isReconciliation(result)) {
    const open = openMatters(run);
    return open === 0 ? 'all agrees' : count(open, 'difference');
  }
  if (result.wrong === 0) return 'all right';
  return result.mended > 0
    ? `${count(result.mended, 'listing')} mended`
    : `${count(result.wrong, 'listing')} wrong`;
}

/** Green is well, yellow goes on, red wants somebody to look. */
export function paintOutcome(run: MaintenanceRun, paint: Colours): (text: string) => string {
  if (run.status === 'failed' || openMatters(run) > 0) return paint.red;
  return run.status === 'succeeded' ? paint.green : paint.yellow;
}
