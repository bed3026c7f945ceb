import type { Command } from '@commander-js/extra-typings';
import type { Start } from '../start.ts';

export function addProfilesCommand(program: Command, start: Start): void {
  const profiles = program
    .command('profiles')
    .helpCommand(false)
    .description('List and switch the servers you are logged in to');

  profiles
    .command('list', { isDefault: true })
    .description('List the profiles; a star marks the one in use')
    .action(start(() => import('./list.ts')));

  profiles
    .command('use')
    .description('Make a profile the one in use')
    .argument('<profile>', 'its name')
    .action(start(() => import('./use.ts')));

  profiles
    .command('remove')
    .description('Forget a profile, and revoke its key if `login` made it')
    .argument('<profile>', 'its name')
    .action(start(() => import('./remove.ts')));
}
