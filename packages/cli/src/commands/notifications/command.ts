import type { Command } from '@commander-js/extra-typings';
import { whole } from '../../flags.ts';
import type { Start } from '../start.ts';
import { choice } from './choice.ts';

export function addNotificationsCommand(program: Command, start: Start): void {
  const notifications = program
    .command('notifications')
    .helpCommand(false)
    .description('Read what happened, and choose what you are told');

  notifications
    .command('list', { isDefault: true })
    .description('List your notifications, newest first; a star marks the unread ones')
    .option('--unread', 'only those that you have not read')
    .option('--limit <n>', 'notifications a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .action(start(() => import('./list.ts')));

  notifications
    .command('read')
    .description('Mark notifications as read')
    .argument('[ids...]', 'such as ntf_01…')
    .option('--all', 'all of them')
    .option('--up-to <id>', 'this one and all before it')
    .action(start(() => import('./read.ts')));

  notifications
    .command('preferences')
    .description('Show how you are notified, or change it')
    .option('--set <choice>', 'KIND.CHANNEL=on or off, several times', choice)
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn notifications preferences
  $ sojourn notifications preferences --set listingPublished.mail=on \\
      --set listingPaused.inApp=off`,
    )
    .action(start(() => import('./preferences.ts')));
}
