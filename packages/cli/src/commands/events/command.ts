import { type Command, Option } from '@commander-js/extra-typings';
import { list, whole } from '../../flags.ts';
import type { Start } from '../start.ts';

const TYPES = 'only these: listing.published,user.* (all unless said)';
const sequence = whole(0, Number.MAX_SAFE_INTEGER - 1);

export function addEventCommands(program: Command, start: Start): void {
  const events = program.command('events').helpCommand(false).description('See what happens, as it happens');
  addReading(events, start);
  addListen(program, start);
  program
    .command('trigger')
    .description('Make an event happen in the sandbox')
    .argument('[event]', 'its type, such as listing.published')
    .option('--list', 'which can be triggered, and why the others cannot')
    .addHelpText(
      'after',
      `
It does what the event tells of, with your key, shows the event and cleans up.
Not on a live server.

Examples:
  $ sojourn trigger --list
  $ sojourn trigger listing.published`,
    )
    .action(start(() => import('./trigger.ts')));
}

function addReading(events: Command, start: Start): void {
  events
    .command('tail')
    .description('Show events as they happen, until Ctrl-C')
    .option('--types <types>', TYPES, list)
    .option('--after <sequence>', 'go on after this one', sequence)
    .addOption(new Option('--since-start', 'begin with the oldest event that is kept').conflicts('after'))
    .option('--limit <n>', 'stop after so many', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--all', 'the events of everybody, for admins')
    .addHelpText(
      'after',
      `
However it ends, it tells the command that goes on where it stopped. With --json
each event is one line.

Examples:
  $ sojourn events tail
  $ sojourn events tail --types listing.published,listing.paused
  $ sojourn events tail --after 1207 --json | jq -r .type`,
    )
    .action(start(() => import('./tail.ts')));

  events
    .command('types')
    .description('List the types of events')
    .action(start(() => import('./types.ts')));
}

function addListen(program: Command, start: Start): void {
  program
    .command('listen')
    .description('Send events to a program on your machine, as webhooks')
    .option('--forward-to <url>', 'where to POST them: http://localhost:3000/hooks')
    .option('--types <types>', TYPES, list)
    .option('--after <sequence>', 'begin after this one', sequence)
    .option('--all', 'the events of everybody, for admins')
    .option('--print-secret', 'print the secret that signs, and do nothing else')
    .option('--allow-remote', 'let the URL lead to another machine')
    .addHelpText(
      'after',
      `
Each event is signed as the server would (Standard Webhooks). The secret stays
the same for a profile. An event that is not received is sent three times; then
it goes on with the next, and tells how to send it again.

Examples:
  $ sojourn listen --forward-to http://localhost:3000/hooks
  $ export SOJOURN_WEBHOOK_SECRET="$(sojourn listen --print-secret)"`,
    )
    .action(start(() => import('./listen.ts')));
}
