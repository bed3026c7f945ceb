import type { MaintenanceRun } from '@sojourn/sdk';
import { oneLine } from '../../controls.ts';
import type { Io } from '../../io.ts';
import { moment } from '../../local-time.ts';
import { count } from '../../render.ts';
import { drawReconciliation } from './draw-reconciliation.ts';
import { isReconciliation, openMatters, type Reconciliation } from './maintenance-words.ts';

/** What came of a run: its figures on stdout, the verdict on stderr. */
export function tellResult(io: Io, run: MaintenanceRun): void {
  const { result } = run;
  if (result === null) return;
  if (isReconciliation(result)) tellReconciliation(io, result, openMatters(run) === 0);
  else tellSearchCheck(io, run, result);
}

type SearchCheck = Exclude<NonNullable<MaintenanceRun['result']>, Reconciliation>;

function tellSearchCheck(io: Io, { applies, task }: MaintenanceRun, { wrong, mended }: SearchCheck): void {
  if (wrong === 0) io.success('All right: search knows every listing as it is.');
  else if (mended === wrong) io.success(`Mended: search knew ${count(wrong, 'listing')} wrongly.`);
  else io.warn(`Search knows ${count(wrong - mended, 'listing')} wrongly.`);
  if (!applies && wrong > 0) io.hint(`sojourn admin maintenance run ${oneLine(task)} --apply --reason "…"`);
}

function tellReconciliation(io: Io, result: Reconciliation, agrees: boolean): void {
  const { from, to, checked, matched, differences, differenceCount } = result;
  const drawn = drawReconciliation(result, io.columns, io.paint.out);
  if (drawn !== '') io.print(drawn);
  const when = `${from === null ? '' : `from ${moment(from)} `}until ${moment(to)} UTC`;
  if (agrees && checked === 0) io.success(`Nothing moved ${when}, neither in the ledger nor at Stripe.`);
  else if (agrees)
    io.success(`The ledger and Stripe agree ${when}: ${count(checked, 'movement')}, no difference.`);
  else
    io.warn(
      `The ledger and Stripe differ ${when}: they agree on ${figure(matched)} of ${count(checked, 'movement')}.`,
    );
  if (differenceCount > differences.length)
    io.say(`  The first ${figure(differences.length)} of ${figure(differenceCount)} differences are named.`);
}

const figure = (value: number) => value.toLocaleString('en-US');
