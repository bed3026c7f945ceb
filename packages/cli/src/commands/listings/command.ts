import { type Command, Option } from '@commander-js/extra-typings';
import { LISTING_STATUSES } from '@sojourn/shared/vocabulary';
import { whole } from '../../flags.ts';
import type { IsNamed, Start } from '../start.ts';
import { addListingFlags } from './fields.ts';

export function addListingsCommand(program: Command, start: Start, isNamed: IsNamed): void {
  const listings = program
    .command('listings')
    .helpCommand(false)
    .description('Import, export and run your listings');
  if (!isNamed('listings')) return;
  addReading(listings, start);
  addWriting(listings, start);
  addStates(listings, start);
  addBulk(listings, start);
}

function addReading(listings: Command, start: Start): void {
  listings
    .command('list')
    .description('List your own listings')
    .addOption(new Option('--status <status>', 'only these').choices(LISTING_STATUSES))
    .option('--q <words>', 'words in the title')
    .option('--external-id <id>', 'the one with your own id')
    .option('--limit <n>', 'listings a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .action(start(() => import('./list.ts')));

  listings
    .command('get')
    .description('Show one listing')
    .argument('<id>', 'such as lst_01…')
    .action(start(() => import('./get.ts')));
}

function addWriting(listings: Command, start: Start): void {
  addListingFlags(
    listings
      .command('create')
      .description('Create a draft from flags or a JSON file')
      .option('--publish', 'publish it as well'),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn listings create --title "Sunny loft" --room-type entirePlace \\
      --point 40.758,-73.9855
  $ sojourn listings create --file listing.json --price 120 --currency USD`,
    )
    .action(start(() => import('./create.ts')));

  addListingFlags(
    listings.command('update').description('Change fields of a listing').argument('<id>', 'such as lst_01…'),
  )
    .option('--if-match <etag>', 'only if it is still this version, such as 3')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn listings update lst_01… --price 135
  $ sojourn listings update lst_01… --title "Loft with a terrace" --min-nights 3`,
    )
    .action(start(() => import('./update.ts')));
}

function addStates(listings: Command, start: Start): void {
  const change = (verb: string, description: string) =>
    listings
      .command(verb)
      .description(description)
      .argument('[ids...]', 'such as lst_01…')
      .option('--all', 'all your listings, after a question (--yes answers it)')
      .addOption(
        new Option('--status <status>', 'with --all: only those with this status').choices(LISTING_STATUSES),
      );

  change('publish', 'Let guests find listings').action(start(() => import('./publish.ts')));
  change('pause', 'Hide published listings for a while').action(start(() => import('./pause.ts')));
  change('archive', 'Put listings away for good').action(start(() => import('./archive.ts')));
}

function addBulk(listings: Command, start: Start): void {
  listings
    .command('import')
    .description('Create and update listings from a file; safe to repeat')
    .argument('<file>', 'CSV, CSV.gz, JSONL, or - for stdin')
    .addOption(
      new Option('--format <format>', 'how to read it')
        .choices(['auto', 'sojourn', 'inside-airbnb'] as const)
        .default('auto' as const),
    )
    .option('--map <file>', 'read other columns by this mapping')
    .option('--currency <code>', 'of prices that name none: USD')
    .option('--time-zone <zone>', 'of listings that name none: America/New_York')
    .option('--dry-run', 'check and compare with the server; write nothing')
    .option('--offline', 'check the file only; no server needed')
    .option('--publish', 'publish what is complete')
    .option('--concurrency <n>', 'batches at once', whole(1, 32))
    .option('--limit <n>', 'stop after so many rows', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--report <dir>', 'where NAME.failed.csv and NAME.report.json go')
    .addHelpText(
      'after',
      `
Interrupted? Run the same command again: it goes on where it stopped.
Exit code 3 means that it finished and some rows were refused.

Examples:
  $ sojourn listings import listings.csv --dry-run
  $ sojourn listings import listings.csv --publish
  $ sojourn listings import AB_NYC_2019.csv.gz --format inside-airbnb \\
      --currency USD --time-zone America/New_York --publish`,
    )
    .action(start(() => import('./import.ts')));

  listings
    .command('export')
    .description('Write your listings as `import` reads them')
    .argument('[file]', 'such as listings.csv or listings.jsonl.gz; stdout when left out')
    .addOption(new Option('--format <format>', 'how to write them').choices(['csv', 'jsonl'] as const))
    .addOption(new Option('--status <status>', 'only these').choices(LISTING_STATUSES))
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn listings export listings.csv
  $ sojourn listings export --format jsonl | jq -r .title`,
    )
    .action(start(() => import('./export.ts')));
}
