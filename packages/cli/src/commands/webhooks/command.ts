import { type Command, Option } from '@commander-js/extra-typings';
import { list, whole } from '../../flags.ts';
import type { IsNamed, Start } from '../start.ts';

const TYPES = 'such as listing.published,user.*';
const ID = 'such as whk_01…';

export function addWebhooksCommand(program: Command, start: Start, isNamed: IsNamed): void {
  const webhooks = program
    .command('webhooks')
    .helpCommand(false)
    .description('Have events sent to a server of yours');
  if (!isNamed('webhooks')) return;
  addReading(webhooks, start);
  addWriting(webhooks, start);
  addSending(webhooks, start);
}

function addReading(webhooks: Command, start: Start): void {
  webhooks
    .command('list')
    .description('List your endpoints')
    .option('--limit <n>', 'endpoints a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .action(start(() => import('./list.ts')));

  webhooks
    .command('get')
    .description('Show an endpoint, and whether it works')
    .argument('<id>', ID)
    .action(start(() => import('./get.ts')));

  webhooks
    .command('deliveries')
    .description('Show what was sent to an endpoint, newest first')
    .argument('<id>', ID)
    .addOption(
      new Option('--state <state>', 'only these').choices(['pending', 'delivered', 'failed'] as const),
    )
    .option('--limit <n>', 'deliveries a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .action(start(() => import('./deliveries.ts')));
}

function addWriting(webhooks: Command, start: Start): void {
  webhooks
    .command('create')
    .description('Make an endpoint, and print its secret')
    .argument('<url>', 'where to send events: https://hooks.example.com/sojourn')
    .option('--types <types>', `${TYPES} (all unless said)`, list)
    .option('--description <text>', 'by which you tell your endpoints apart')
    .option('--all-events', 'the events of everybody, for admins')
    .addHelpText(
      'after',
      `
The secret is shown this once. On a laptop, \`sojourn listen\` needs no endpoint.

Examples:
  $ sojourn webhooks create https://hooks.example.com/sojourn \\
      --types 'listing.*'
  $ sojourn webhooks create https://hooks.example.com/sojourn > secret.txt`,
    )
    .action(start(() => import('./create.ts')));

  webhooks
    .command('update')
    .description('Change an endpoint')
    .argument('<id>', ID)
    .option('--url <url>', 'where to send events')
    .option('--types <types>', TYPES, list)
    .option('--description <text>', 'by which you tell your endpoints apart')
    .addOption(new Option('--enable', 'send events again').conflicts('disable'))
    .option('--disable', 'send nothing for now')
    .action(start(() => import('./update.ts')));

  webhooks
    .command('rotate-secret')
    .description('Get a new secret, and print it')
    .argument('<id>', ID)
    .option('--overlap-hours <n>', 'how long the old one signs as well (24 unless said)', whole(0, 168))
    .action(start(() => import('./rotate-secret.ts')));

  webhooks
    .command('delete')
    .description('Delete an endpoint for good, with its log')
    .argument('<id>', ID)
    .action(start(() => import('./delete.ts')));
}

function addSending(webhooks: Command, start: Start): void {
  webhooks
    .command('test')
    .description('Send a test now, and tell what came of it')
    .argument('<id>', ID)
    .action(start(() => import('./test.ts')));

  webhooks
    .command('redeliver')
    .description('Send one event again')
    .argument('<id>', ID)
    .argument('<delivery>', 'such as dlv_01…')
    .action(start(() => import('./redeliver.ts')));

  webhooks
    .command('replay')
    .description('Send all events from a sequence on again')
    .argument('<id>', ID)
    .requiredOption('--from <sequence>', 'the first event to send', whole(1, Number.MAX_SAFE_INTEGER - 1))
    .option('--types <types>', `${TYPES} (those of the endpoint unless said)`, list)
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn webhooks replay whk_01… --from 1207`,
    )
    .action(start(() => import('./replay.ts')));
}
