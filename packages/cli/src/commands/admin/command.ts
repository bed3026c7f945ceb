import { type Command, Option } from '@commander-js/extra-typings';
import { whole } from '../../flags.ts';
import type { IsNamed, Start } from '../start.ts';
import { addAdminClockCommands } from './clock-command.ts';
import { addAdminMailCommands } from './mail-command.ts';
import { addAdminMaintenanceCommands } from './maintenance-command.ts';
import { addAdminPricingCommands } from './pricing-command.ts';

export function addAdminCommand(program: Command, start: Start, isNamed: IsNamed): void {
  const admin = program
    .command('admin')
    .helpCommand(false)
    .description('Run the marketplace: for its admins');
  if (!isNamed('admin')) return;
  addQueues(admin, start);
  addAudit(admin, start);
  addAdminMailCommands(admin, start);
  addAdminPricingCommands(admin, start);
  addAdminMaintenanceCommands(admin, start);
  addAdminClockCommands(admin, start);
}

const STATES = ['dead', 'failed', 'active', 'waiting', 'delayed', 'scheduled'] as const;

function addQueues(admin: Command, start: Start): void {
  const queues = admin
    .command('queues')
    .helpCommand(false)
    .description('See and steer the background work')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn admin queues list
  $ sojourn admin queues show mail
  $ sojourn admin queues retry mail --reason "the mail server is back"
  $ sojourn admin queues pause webhooks --reason "a receiver is flooded"`,
    );

  queues
    .command('list')
    .description('Show all queues, and how far events have come')
    .action(start(() => import('./queues-list.ts')));

  queues
    .command('show')
    .description('Look into a queue: dead jobs first, each with its error')
    .argument('<queue>', 'such as mail')
    .addOption(new Option('--state <state>', 'only jobs in this state').choices(STATES))
    .option('--limit <n>', 'jobs of each state', whole(1, 100), 20)
    .action(start(() => import('./queues-show.ts')));

  const act = (verb: string, description: string) =>
    queues
      .command(verb)
      .description(description)
      .argument('<queue>', 'such as mail')
      .option('--reason <text>', 'why, for the audit log; asked for when left out');

  act('retry', 'Let dead jobs be tried again').action(start(() => import('./queues-retry.ts')));
  act('pause', 'Stop the work at a queue; what comes meanwhile waits').action(
    start(() => import('./queues-pause.ts')),
  );
  act('resume', 'Let the work at a queue go on').action(start(() => import('./queues-resume.ts')));
  act('drain', 'Remove what waits in a queue, for good, after a question').action(
    start(() => import('./queues-drain.ts')),
  );
}

function addAudit(admin: Command, start: Start): void {
  admin
    .command('audit')
    .description('Show who did what, newest first')
    .option('--actor <id>', 'only what this user did: usr_01…')
    .option('--type <type>', 'only this: queue.drained')
    .option('--subject <id>', 'only what was done to this: lst_01…')
    .option('--limit <n>', 'acts a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn admin audit --type queue.drained
  $ sojourn admin audit --actor usr_01… --all --json`,
    )
    .action(start(() => import('./audit.ts')));
}
