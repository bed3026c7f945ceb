import { type Command, Option } from '@commander-js/extra-typings';
import { instant, percent, whole } from '../../flags.ts';
import type { Start } from '../start.ts';

const FROM = 'when it takes effect: 2027-01-01T00:00:00Z (at once unless said)';
const REASON = 'why, for the audit log; asked for when left out';

/** What a marketplace decides about money. What was quoted or booked before keeps what held then. */
export function addAdminPricingCommands(admin: Command, start: Start): void {
  addFees(admin, start);
  addPolicies(admin, start);
  addTaxes(admin, start);
}

const addPaging = <Args extends unknown[]>(command: Command<Args>, what: string) =>
  command
    .option('--limit <n>', `${what} a page`, whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json');

function addFees(admin: Command, start: Start): void {
  const fees = admin.command('fees').helpCommand(false).description('See and set what the marketplace takes');
  addPaging(fees.command('list').description('List the fee schedules, newest first'), 'schedules').action(
    start(() => import('./fees-list.ts')),
  );
  fees
    .command('create')
    .description('Have a new fee schedule take over')
    .requiredOption('--name <text>', 'such as "Winter 2027"')
    .addOption(
      new Option('--mode <mode>', 'who pays: both sides, or the host alone')
        .choices(['split', 'hostOnly'] as const)
        .makeOptionMandatory(),
    )
    .requiredOption('--host-percent <n>', 'of the subtotal, from the host', percent(50))
    .option('--guest-percent <n>', 'of the subtotal, from the guest (split)', percent(50), 0)
    .option('--from <instant>', FROM, instant)
    .option('--reason <text>', REASON)
    .addHelpText(
      'after',
      `
What was quoted or booked before keeps the fees of then.

Examples:
  $ sojourn admin fees create --name "Winter 2027" --mode split \\
      --host-percent 3 --guest-percent 14.2 --from 2027-01-01T00:00:00Z \\
      --reason "decided by the board on 20 November"`,
    )
    .action(start(() => import('./fees-create.ts')));
}

function addPolicies(admin: Command, start: Start): void {
  const policies = admin
    .command('policies')
    .helpCommand(false)
    .description('See and set what guests who cancel get back');
  addPaging(
    policies.command('list').description('List every version of every policy, newest first'),
    'versions',
  ).action(start(() => import('./policies-list.ts')));
  policies
    .command('create')
    .description('Have a new version of a policy take over')
    .argument('<file>', 'key, name and rules as JSON, as `policies list --json` has them; - is stdin')
    .option('--from <instant>', FROM, instant)
    .option('--reason <text>', REASON)
    .addHelpText(
      'after',
      `
A policy that could give more back at a later instant is refused. What was
quoted or booked before keeps the version of then.

Examples:
  $ sojourn admin policies create moderate.json --reason "asked for by hosts"`,
    )
    .action(start(() => import('./policies-create.ts')));
}

function addTaxes(admin: Command, start: Start): void {
  const taxes = admin.command('taxes').helpCommand(false).description('See and set the taxes on stays');
  addPaging(taxes.command('list').description('List the tax rules, newest first'), 'rules').action(
    start(() => import('./taxes-list.ts')),
  );
  taxes
    .command('create')
    .description('Add a tax on stays')
    .requiredOption('--name <text>', 'as guests read it: "City tax"')
    .requiredOption('--country <code>', 'of listings there: PT')
    .option('--region <name>', 'only of this region')
    .option('--city <name>', 'only of this city')
    .addOption(
      new Option('--percent <n>', 'so much of the subtotal')
        .argParser(percent(100))
        .conflicts(['perNight', 'perGuestNight', 'currency']),
    )
    .addOption(
      new Option('--per-night <amount>', 'for each night, in whole units').conflicts('perGuestNight'),
    )
    .option('--per-guest-night <amount>', 'for each night of each guest')
    .option('--currency <code>', 'of these amounts')
    .option('--inclusive', 'with --percent: within the prices, not beside them')
    .option('--max-nights <n>', 'longer stays are free of it', whole(1, 1125))
    .option('--from <instant>', FROM, instant)
    .option('--reason <text>', REASON)
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn admin taxes create --name "City tax" --country PT --city Lisboa \\
      --per-guest-night 4 --currency EUR --max-nights 7 --reason "law of 2027"
  $ sojourn admin taxes create --name VAT --country PT --percent 6 --inclusive \\
      --reason "as the law says"`,
    )
    .action(start(() => import('./taxes-create.ts')));
  taxes
    .command('end')
    .description('End a tax; what was agreed while it held keeps it')
    .argument('<id>', 'such as tax_01…')
    .option('--at <instant>', 'when it ends: 2027-12-31T23:00:00Z (at once unless said)', instant)
    .option('--reason <text>', REASON)
    .action(start(() => import('./taxes-end.ts')));
}
