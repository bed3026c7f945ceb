import type { Command } from '@commander-js/extra-typings';
import { dayOrInstant, whole } from '../../flags.ts';
import type { Start } from '../start.ts';

const RUN = 'such as run_01…';
const FROM = 'from then on: 2027-05-01, or a moment (from the beginning unless said)';
const TO = 'until then (until now unless said; then balances are compared, too)';

export function addAdminMaintenanceCommands(admin: Command, start: Start): void {
  const maintenance = admin
    .command('maintenance')
    .helpCommand(false)
    .description('Look after what the marketplace keeps, and mend it')
    .addHelpText(
      'after',
      `
Nothing is changed without --apply and a reason.

Examples:
  $ sojourn admin maintenance list
  $ sojourn admin maintenance reconcile --from 2027-05-01 --to 2027-06-01
  $ sojourn admin maintenance run rebuildSearch
  $ sojourn admin maintenance run rebuildSearch --apply --reason "ticket 4712"`,
    );

  maintenance
    .command('list')
    .description('List all tasks, with what each does')
    .action(start(() => import('./maintenance-list.ts')));

  maintenance
    .command('run')
    .description('Do a task and wait for what comes of it; it only looks unless told')
    .argument('<task>', 'such as rebuildSearch')
    .option('--apply', 'mend what is found')
    .option('--reason <text>', 'with --apply: why, for the audit log; asked for when left out')
    .option('--from <time>', FROM, dayOrInstant)
    .option('--to <time>', TO, dayOrInstant)
    .option('--no-wait', 'only start it, and print the id of the run')
    .action(start(() => import('./maintenance-run.ts')));

  maintenance
    .command('reconcile')
    .description('Compare the ledger with Stripe, and name each difference')
    .option('--from <time>', FROM, dayOrInstant)
    .option('--to <time>', TO, dayOrInstant)
    .addHelpText(
      'after',
      `
Exits 0 when all agrees and 3 when something differs; each difference is named
with what to do about it. Days are those of UTC.

Examples:
  $ sojourn admin maintenance reconcile
  $ sojourn admin maintenance reconcile --from 2027-05-01 --to 2027-06-01`,
    )
    .action(start(() => import('./maintenance-reconcile.ts')));

  maintenance
    .command('show')
    .description('Show a run: how far it is, and what came of it')
    .argument('<run>', RUN)
    .action(start(() => import('./maintenance-show.ts')));

  maintenance
    .command('runs')
    .description('List what was run, newest first, also what is done every day')
    .option('--task <task>', 'only this task')
    .option('--limit <n>', 'runs a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .action(start(() => import('./maintenance-runs.ts')));
}
