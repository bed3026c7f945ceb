import { type Command, Option } from '@commander-js/extra-typings';
import { countryCode, date, month, whole } from '../../flags.ts';
import type { IsNamed, Start } from '../start.ts';

const STATUSES = ['scheduled', 'processing', 'paid', 'failed', 'cancelled'] as const;
const HOST = 'for staff: of this host (usr_01…)';

export function addPayoutsCommand(program: Command, start: Start, isNamed: IsNamed): void {
  const payouts = program
    .command('payouts')
    .helpCommand(false)
    .description('See what you earn with your homes, and get it')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn payouts account --country PT
  $ sojourn payouts list --status scheduled
  $ sojourn payouts statement --month 2027-05 -o may.csv`,
    );
  if (!isNamed('payouts')) return;
  addReading(payouts, start);
  addAccount(payouts, start);
  addBooks(payouts, start);
}

function addReading(payouts: Command, start: Start): void {
  payouts
    .command('list')
    .description('List your payouts, newest first')
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .option('--host <user>', HOST)
    .option('--limit <n>', 'payouts a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .action(start(() => import('./list.ts')));

  payouts
    .command('show')
    .description('Show a payout: what it is made of, when it comes, and what keeps it')
    .argument('<payout>', 'such as pyo_01…')
    .action(start(() => import('./show.ts')));
}

function addAccount(payouts: Command, start: Start): void {
  payouts
    .command('account')
    .description('Open the account that payouts go to, or show how it stands')
    .option('--country <code>', 'where you are at home for the tax office: PT', countryCode)
    .addHelpText(
      'after',
      `
Payouts go to an account of yours at Stripe. While Stripe wants to know more
about you, a link leads to its page; it works once, for a few minutes, so ask
again for another one.

Examples:
  $ sojourn payouts account
  $ sojourn payouts account --country PT`,
    )
    .action(start(() => import('./account.ts')));
}

function addBooks(payouts: Command, start: Start): void {
  payouts
    .command('balance')
    .description('Show what is yours: to come, on hold, on its way, paid and owed')
    .option('--host <user>', HOST)
    .action(start(() => import('./balance.ts')));

  payouts
    .command('statement')
    .description('Write everything that you earned and got, line by line, as CSV')
    .option('--from <date>', 'from this day on, by UTC: 2027-05-01', date)
    .option('--to <date>', 'until the day before this one', date)
    .addOption(
      new Option('--month <month>', 'a whole month: 2027-05').argParser(month).conflicts(['from', 'to']),
    )
    .option('--currency <code>', 'only lines in it: EUR')
    .option('--host <user>', HOST)
    .option('-o, --output <file>', 'into this file (.csv or .csv.gz), not to stdout')
    .addHelpText(
      'after',
      `
Amounts are in whole units of the currency beside them; what was sent to you
makes your balance less. With --json it is JSON Lines in minor units.

Examples:
  $ sojourn payouts statement --month 2027-05 -o may.csv
  $ sojourn payouts statement --from 2027-01-01 --to 2028-01-01 > 2027.csv`,
    )
    .action(start(() => import('./statement.ts')));
}
