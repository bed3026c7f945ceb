import type { Command } from '@commander-js/extra-typings';
import { whole } from '../../flags.ts';
import type { Start } from '../start.ts';

export function addAdminMailCommands(admin: Command, start: Start): void {
  const mail = admin
    .command('mail')
    .helpCommand(false)
    .description('See the mail that people get')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn admin mail list
  $ sojourn admin mail show eml_01…
  $ sojourn admin mail preview verifyEmail --html mail.html`,
    );

  mail
    .command('list')
    .description('List the mail that a server without SMTP kept, newest first')
    .option('--limit <n>', 'mails a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .action(start(() => import('./mail-list.ts')));

  mail
    .command('show')
    .description('Read a mail that was kept')
    .argument('<id>', 'its id, from the list')
    .option('--html <file>', 'write its HTML there, for a browser')
    .action(start(() => import('./mail-show.ts')));

  mail
    .command('preview')
    .description('See how a kind of mail looks; without a name, list all')
    .argument('[template]', 'such as verifyEmail')
    .option('--html <file>', 'write its HTML there, for a browser')
    .action(start(() => import('./mail-preview.ts')));
}
