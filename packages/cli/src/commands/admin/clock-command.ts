import type { Command } from '@commander-js/extra-typings';
import { instant } from '../../flags.ts';
import type { Start } from '../start.ts';

export function addAdminClockCommands(admin: Command, start: Start): void {
  const clock = admin
    .command('clock')
    .helpCommand(false)
    .description('See the time of the marketplace; in a sandbox, move it')
    .addHelpText(
      'after',
      `
Time moves for everything: holds expire, requests lapse, stays begin and end,
payouts go out. It never moves back.

Examples:
  $ sojourn admin clock show
  $ sojourn admin clock advance 3d
  $ sojourn admin clock to 2027-05-01T14:00:00Z`,
    );

  clock
    .command('show')
    .description('Show the time, and whether what is due is done')
    .action(start(() => import('./clock-show.ts')));

  clock
    .command('advance')
    .description('Move time forward, and wait until what became due is done')
    .argument('<span>', 'such as 3d, 2h30m or 1w')
    .option('--reason <text>', 'why, for the audit log')
    .option('--no-wait', 'do not wait for what becomes due')
    .action(start(() => import('./clock-advance.ts')));

  clock
    .command('to')
    .description('Move time to a moment, and wait until what became due is done')
    .argument('<instant>', 'such as 2027-05-01T14:00:00Z', instant)
    .option('--reason <text>', 'why, for the audit log')
    .option('--no-wait', 'do not wait for what becomes due')
    .action(start(() => import('./clock-to.ts')));
}
