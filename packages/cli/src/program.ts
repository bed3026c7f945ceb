import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import packageJson from '../package.json' with { type: 'json' };
import { type CommandContext, type GlobalOptions, openContext, type World } from './command-context.ts';
import { addAccountCommands } from './commands/account/command.ts';
import { addAdminCommand } from './commands/admin/command.ts';
import { addBookingCommands } from './commands/bookings/command.ts';
import { addCalendarCommand } from './commands/calendar/command.ts';
import { addEventCommands } from './commands/events/command.ts';
import { addListingsCommand } from './commands/listings/command.ts';
import { addNotificationsCommand } from './commands/notifications/command.ts';
import { addPayoutsCommand } from './commands/payouts/command.ts';
import { addProfilesCommand } from './commands/profiles/command.ts';
import { addSearchCommand } from './commands/search/command.ts';
import type { IsNamed, Start } from './commands/start.ts';
import { addToolCommands } from './commands/tools/command.ts';
import { addWebhooksCommand } from './commands/webhooks/command.ts';
import { EXIT, type ExitCode, usageError } from './exit.ts';
import { helpStyle } from './help.ts';
import type { Io } from './io.ts';

/** The whole command line as data: names, flags, words of help. The code of a command is loaded when it is run. */
export function buildProgram(io: Io, start: Start, isNamed: IsNamed = () => true) {
  const program = new Command('sojourn')
    .description('Run your listings on a Sojourn marketplace from the terminal')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help of a command')
    .option('--json', 'data as JSON on stdout, nothing else there')
    .option('--quiet', 'no notes, no progress')
    .option('--yes', 'answer "are you sure" with yes')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('--profile <profile>', 'another server than the one in use')
    .configureHelp(helpStyle(io.paint.out))
    .configureOutput({
      writeOut: (text) => io.print(text.replace(/\n+$/, '')),
      writeErr: (text) => io.print(text.replace(/\n+$/, '')),
      outputError: () => {}, // Thrown by exitOverride as well, and printed where all failures are.
      getOutHelpWidth: () => Math.min(io.columns, 100),
      getErrHelpWidth: () => Math.min(io.columns, 100),
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    })
    .exitOverride();

  program.commandsGroup('Listings:');
  addListingsCommand(program, start, isNamed);
  addCalendarCommand(program, start, isNamed);
  addSearchCommand(program, start);
  addBookingCommands(program, start, isNamed);
  addPayoutsCommand(program, start, isNamed);
  program.commandsGroup('Events:');
  addEventCommands(program, start);
  addWebhooksCommand(program, start, isNamed);
  program.commandsGroup('Account:');
  addAccountCommands(program, start);
  addNotificationsCommand(program, start);
  addProfilesCommand(program, start);
  program.commandsGroup('Operations:');
  addAdminCommand(program, start, isNamed);
  program.commandsGroup('Tools:');
  addToolCommands(program, start);
  program.addHelpText(
    'after',
    `
Start here:
  $ sojourn login --dev
  $ sojourn listings import listings.csv --dry-run
  $ sojourn search --near 40.7580,-73.9855 --radius-km 2`,
  );
  return program;
}

/** What a command's action gets from commander, as far as it matters here: its arguments, its flags and itself. */
type Given = [...args: unknown[], options: unknown, command: CommandUnknownOpts];

/** Runs one command line. Failures are thrown; a wrong command line as a usage error. */
export async function runProgram(world: World): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const start = ((
    load: () => Promise<{
      run: (ctx: CommandContext, args: unknown[], options: unknown) => Promise<ExitCode | undefined>;
    }>,
  ) =>
    async (...given: Given) => {
      const command = given.pop() as CommandUnknownOpts;
      const options = given.pop();
      const { run } = await load();
      exitCode =
        (await run(openContext(world, command.optsWithGlobals() as GlobalOptions), given, options)) ??
        EXIT.ok;
    }) as Start;
  const program = buildProgram(world.io, start, (group) => world.argv.includes(group));
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action(async (words) => {
      const { complete } = await import('./commands/tools/complete.ts');
      for (const line of complete(program, words, world.env)) await world.io.write(`${line}\n`);
    });

  try {
    await program.parseAsync(world.argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (WANTED_HELP.has(error.code)) return EXIT.ok;
    throw wrongCommandLine(program, world.argv, error);
  }
  return exitCode;
}

const WANTED_HELP = new Set(['commander.helpDisplayed', 'commander.help', 'commander.version']);

/** commander's words, without its prefix, with its suggestion and the help of the very command as what to try next. */
function wrongCommandLine(
  program: CommandUnknownOpts,
  argv: readonly string[],
  { code, message }: CommanderError,
) {
  const { command, rest } = findCommand(program, argv);
  const stray = rest.find((word) => !word.startsWith('-'));
  const [what = '', ...suggestions] =
    // A group with a default command takes every word for an argument of that one.
    code === 'commander.excessArguments' && command.commands.length > 0 && stray !== undefined
      ? [`unknown command '${stray}'`]
      : message.replace(/^error: /, '').split('\n');
  return usageError(`${capitalise(what)}${what.endsWith('.') ? '' : '.'}`, [
    ...suggestions.map((line) => line.replace(/^\((.*)\)$/, '$1')),
    `${pathOf(command)} --help`,
  ]);
}

const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const pathOf = (command: CommandUnknownOpts): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

/** The command that the words lead to, and the words that are left for it. Flags of a group may stand anywhere before. */
export function findCommand(
  program: CommandUnknownOpts,
  words: readonly string[],
): { command: CommandUnknownOpts; rest: string[] } {
  let command = program;
  const rest: string[] = [];
  for (const word of words) {
    const next = rest.some((earlier) => !earlier.startsWith('-'))
      ? undefined
      : command.commands.find((candidate) => candidate.name() === word);
    if (next) command = next;
    else rest.push(word);
  }
  return { command, rest };
}
