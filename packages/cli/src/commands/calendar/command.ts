import { type Command, Option } from '@commander-js/extra-typings';
import { date, month, whole } from '../../flags.ts';
import type { IsNamed, Start } from '../start.ts';
import { addFeedsCommand } from './feeds/command.ts';
import { addTermFlags } from './term-flags.ts';
import { where } from './where.ts';

const LISTING = 'such as lst_01…';
const FROM = 'the first night: 2027-07-01';
const TO = 'the morning after the last night: 2027-07-08';

export function addCalendarCommand(program: Command, start: Start, isNamed: IsNamed): void {
  const calendar = program
    .command('calendar')
    .helpCommand(false)
    .description('See and set which nights are free, and at what price');
  if (!isNamed('calendar')) return;
  addReading(calendar, start);
  addBlocking(calendar, start);
  addPricing(calendar, start);
  addExchange(calendar, start);
  addFeedsCommand(calendar, start);
}

function addReading(calendar: Command, start: Start): void {
  calendar
    .command('show')
    .description('Draw the months of a listing')
    .argument('<listing>', LISTING)
    .option('--from <month>', 'the first one: 2027-05 (this month unless said)', month)
    .option('--months <n>', 'how many', whole(1, 12), 2)
    .addHelpText(
      'after',
      `
Under each day stands the price of its night, in short: 1.4k is 1,400.

Examples:
  $ sojourn calendar show lst_01…
  $ sojourn calendar show lst_01… --from 2027-05 --months 6`,
    )
    .action(start(() => import('./show.ts')));
}

function addBlocking(calendar: Command, start: Start): void {
  calendar
    .command('block')
    .description('Take nights off sale')
    .argument('<listing>', LISTING)
    .argument('<from>', FROM, date)
    .argument('<to>', TO, date)
    .option('--note <text>', 'why; only you see it')
    .option('--dry-run', 'only tell what would change')
    .addHelpText(
      'after',
      `
Nights that are booked stay booked, and are named.

Examples:
  $ sojourn calendar block lst_01… 2027-09-01 2027-09-08 --note "New bathroom"`,
    )
    .action(start(() => import('./block.ts')));

  calendar
    .command('unblock')
    .description('Put nights on sale again')
    .argument('<listing>', LISTING)
    .argument('<from>', FROM, date)
    .argument('<to>', TO, date)
    .option('--dry-run', 'only tell what would change')
    .action(start(() => import('./unblock.ts')));
}

function addPricing(calendar: Command, start: Start): void {
  addTermFlags(
    calendar
      .command('price')
      .description('Set the price and the rules of nights')
      .argument('<listing>', LISTING)
      .argument('<from>', FROM, date)
      .argument('<to>', TO, date)
      .argument('[amount]', 'per night, in whole units: 140 or 139.50')
      .option('--clear', 'take back what was set: the season or the listing says again'),
  )
    .option('--dry-run', 'only tell what would change')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn calendar price lst_01… 2027-07-01 2027-08-16 140 --min-nights 4
  $ sojourn calendar price lst_01… 2027-12-24 2027-12-25 --closed-to-arrival
  $ sojourn calendar price lst_01… 2027-07-01 2027-08-16 --clear`,
    )
    .action(start(() => import('./price.ts')));

  addTermFlags(
    calendar
      .command('apply')
      .description('Set price and rules of many listings at once')
      .requiredOption('--where <selection>', 'all, tag=beach, city=Lisbon, ids=lst_01…; repeat it', where)
      .requiredOption('--from <date>', FROM, date)
      .requiredOption('--to <date>', TO, date)
      .option('--price <amount>', 'per night, in whole units: 140 or 139.50')
      .option('--clear', 'take back what was set: the season or the listing says again')
      .addOption(new Option('--block', 'take the nights off sale').conflicts('unblock'))
      .option('--unblock', 'put the nights on sale again'),
  )
    .option('--dry-run', 'only tell what would change')
    .addHelpText(
      'after',
      `
It shows first what would change, and asks. Each --where narrows the selection;
region=…, country=PT and room-type=entirePlace do so as well.

Examples:
  $ sojourn calendar apply --where tag=beach --from 2027-07-01 --to 2027-09-01 \\
      --price 180 --currency EUR --min-nights 5
  $ sojourn calendar apply --where city=Lisbon --where room-type=entirePlace \\
      --from 2027-12-24 --to 2027-12-27 --block --yes`,
    )
    .action(start(() => import('./apply.ts')));

  calendar
    .command('seasons')
    .description('Show the seasons of a listing, or set all of them')
    .argument('<listing>', LISTING)
    .option('--set <file>', 'a JSON list of seasons; - is stdin')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn calendar seasons lst_01… --json > seasons.json
  $ sojourn calendar seasons lst_01… --set seasons.json`,
    )
    .action(start(() => import('./seasons.ts')));
}

function addExchange(calendar: Command, start: Start): void {
  calendar
    .command('import')
    .description('Set nights from a calendar.csv; safe to repeat')
    .argument('<file>', 'CSV or CSV.gz as of Inside Airbnb, or - for stdin')
    .option('--currency <code>', 'of the prices (that of each listing unless said)')
    .option('--dry-run', 'compare with the server; write nothing')
    .option('--concurrency <n>', 'calendars at once', whole(1, 32))
    .option('--limit <n>', 'stop after so many rows', whole(1, Number.MAX_SAFE_INTEGER))
    .addHelpText(
      'after',
      `
Columns: listing_id (your own id of the listing), date, available (t or f),
price, minimum_nights, maximum_nights. Nights that are past are left out.
Interrupted? Run it again: what is done stays as it is.

Examples:
  $ sojourn calendar import calendar.csv.gz --dry-run
  $ sojourn calendar import calendar.csv.gz`,
    )
    .action(start(() => import('./import.ts')));

  calendar
    .command('export-url')
    .description('Print the secret URL by which other channels read it')
    .argument('<listing>', LISTING)
    .addOption(new Option('--rotate', 'replace it: the present one ends').conflicts('revoke'))
    .option('--revoke', 'end it')
    .action(start(() => import('./export-url.ts')));
}
