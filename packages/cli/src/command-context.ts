import type { Sojourn } from '@sojourn/sdk';
import { type Connection, resolveConnection } from './connection.ts';
import type { Environment } from './environment.ts';
import { CliError, type ExitCode, usageError } from './exit.ts';
import type { Io } from './io.ts';

/** Everything that a command may use of the world outside it. */
export interface CommandContext {
  readonly io: Io;
  /** The command line as typed, without `node` and the program: to repeat it in a hint. */
  readonly argv: readonly string[];
  readonly env: Environment;
  /** Aborted by Ctrl-C and SIGTERM: stop soon, keep what is done. A second Ctrl-C ends the process at once. */
  readonly signal: AbortSignal;
  /** `--json`: stdout carries data only. Human words go to stderr. */
  readonly json: boolean;
  /** `--quiet`: no notes, no progress. Warnings, errors and data stay. (`io.say` and `io.status` know it already.) */
  readonly quiet: boolean;
  /** `--yes`: every question of the kind "are you sure" is answered. */
  readonly yes: boolean;
  /** Whether a question may be asked: stdin and stderr are terminals, no CI, no `--json`. */
  readonly interactive: boolean;
  /** `--profile`, SOJOURN_PROFILE or the profile in use. */
  readonly profile: string | undefined;

  /** Where to and as whom. Throws a CliError with exit code 4 when nobody is logged in. */
  connection(): Promise<Connection>;
  /** The SDK, loaded and configured at the first call (it is never loaded for `--help`). */
  client(): Promise<Sojourn>;
  /** Asks, or takes `--yes`. Throws a usage error naming `--yes` when it can do neither, and exits 1 on "no". */
  confirm(question: string): Promise<void>;
}

/**
 * What every file of `commands/` exports as `run`. `args` are the positional arguments in order, `options` the flags
 * as declared beside the command's registration. No answer means exit code 0; failures are thrown (see exit.ts).
 */
export type Run<Args extends readonly unknown[], Options> = (
  ctx: CommandContext,
  args: Args,
  options: Options,
) => Promise<ExitCode | undefined> | Promise<void>;

/** What the process gives a command line, whichever command it turns out to be. */
export type World = Pick<CommandContext, 'io' | 'argv' | 'env' | 'signal'>;

export interface GlobalOptions {
  json?: true;
  quiet?: true;
  yes?: true;
  profile?: string;
}

/** The world of one command, with everything slow or failing left for the moment of its first use. */
export function openContext({ io, argv, env, signal }: World, globals: GlobalOptions): CommandContext {
  const json = globals.json ?? false;
  const yes = globals.yes ?? false;
  const interactive = io.stdinIsTerminal && io.stderrIsTerminal && !env.ci && !json;
  let client: Promise<Sojourn> | undefined;
  const connection = async () => resolveConnection(env, globals.profile);
  return {
    io,
    argv,
    env,
    signal,
    json,
    yes,
    interactive,
    quiet: globals.quiet ?? false,
    profile: globals.profile ?? env.profile,
    connection,
    client() {
      client ??= connection().then(async ({ url, apiKey }) =>
        (await import('./client.ts')).openClient(url, { apiKey }),
      );
      return client;
    },
    async confirm(question) {
      if (yes) return;
      if (!interactive) throw usageError(`${question} There is nobody to ask: add --yes to go on.`);
      const { askYesNo } = await import('./prompts.ts');
      if (!(await askYesNo(io, question, signal))) throw new CliError('Nothing was changed.');
    },
  };
}
