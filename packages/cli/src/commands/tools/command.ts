import { Argument, type Command } from '@commander-js/extra-typings';
import { repeated } from '../../flags.ts';
import type { Start } from '../start.ts';

export function addToolCommands(program: Command, start: Start): void {
  program
    .command('api')
    .description('Send one request with your key, and print the answer')
    .argument('<method>', 'GET, POST, PUT, PATCH or DELETE')
    .argument('<path>', 'such as /v1/me')
    .option(
      '-F, --field <name=value>',
      'a field of the JSON body, or of the query with GET; repeatable',
      repeated,
    )
    .option('-f, --raw-field <name=value>', 'the same, the value always as text', repeated)
    .option('-H, --header <name:value>', 'a request header; repeatable', repeated)
    .option('--input <file>', 'send this file as the body; - is stdin')
    .option('--paginate', 'follow nextCursor; one item a line')
    .option('-i, --include', 'print status and headers as well')
    .addHelpText(
      'after',
      `
The value of --field is read as JSON where it is JSON (12, true, null, {"a":1}),
else as text. An answer of status 400 or above is printed all the same, and the
exit code is 1 (4 for 401).

Examples:
  $ sojourn api GET /v1/me
  $ sojourn api GET /v1/listings -F status=draft -F limit=5
  $ sojourn api PATCH /v1/listings/lst_01… -F minNights=3
  $ sojourn api POST /v1/listings --input listing.json
  $ sojourn api GET /v1/listings --paginate | jq -r .title`,
    )
    .action(start(() => import('./api.ts')));

  program
    .command('explain')
    .description('Say what an error code means and what to do next')
    .argument('[code]', 'such as listing_not_found; without it all are listed')
    .action(start(() => import('./explain.ts')));

  program
    .command('completion')
    .description('Print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish'] as const))
    .addHelpText(
      'after',
      `
Set up once, for bash, zsh or fish:
  $ sojourn completion bash > \\
      ~/.local/share/bash-completion/completions/sojourn
  $ sojourn completion zsh > "\${fpath[1]}/_sojourn"
  $ sojourn completion fish > ~/.config/fish/completions/sojourn.fish`,
    )
    .action(start(() => import('./completion.ts')));
}
