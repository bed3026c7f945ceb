import { type Command, Option } from '@commander-js/extra-typings';
import type { Start } from '../start.ts';

export function addAccountCommands(program: Command, start: Start): void {
  program
    .command('login')
    .description('Log in to a server and remember its key')
    .option('--dev', 'use the credentials that `npm start` wrote to .sojourn/')
    .addOption(
      new Option('--as <role>', 'with --dev: whom to log in as')
        .choices(['host', 'guest', 'admin'] as const)
        .default('host' as const),
    )
    .option('--url <url>', 'the server (default: SOJOURN_URL, or http://localhost:4000)')
    .option('--api-key <source>', 'read an API key from stdin: --api-key -')
    .option('--email <address>', 'log in with a password, which is exchanged for an API key')
    .option('--password <source>', 'with --email: read the password from stdin: --password -')
    .addHelpText(
      'after',
      `
The key is kept in ~/.config/sojourn/config.json, readable by you alone. It is
sent to that server only. Where nothing may be stored, SOJOURN_API_KEY and
SOJOURN_URL take its place.

Examples:
  $ sojourn login --dev
  $ sojourn login --url https://stays.example.com --email you@example.com
  $ sojourn login --url https://stays.example.com --api-key - < key.txt`,
    )
    .action(start(() => import('./login.ts')));

  program
    .command('logout')
    .description('Forget the key in use, and revoke it if `login` made it')
    .action(start(() => import('./logout.ts')));

  program
    .command('whoami')
    .description('Show which server and user the key in use stands for')
    .action(start(() => import('./whoami.ts')));
}
