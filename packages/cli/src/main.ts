import { readEnvironment } from './environment.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { explainFailure } from './failure.ts';
import { openIo } from './io.ts';
import { runProgram } from './program.ts';

/** Ctrl-C asks the running command to stop; the second one does not wait for it. */
function listenForInterrupt(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new CliError('Interrupted.', { exitCode: EXIT.interrupted }));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return controller.signal;
}

/** `sojourn … | head` closes the pipe when it has enough: that is no failure, and nobody is left to read about it. */
function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  process.stderr.on('error', () => {});
}

/** node:sqlite works and is stable enough for a ledger; its warning would only worry the reader of a terminal. */
function hideExperimentalWarnings(): void {
  const emit = process.emitWarning.bind(process) as (warning: string | Error, ...rest: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const [kind] = rest;
    const type = typeof kind === 'string' ? kind : (kind as { type?: string } | undefined)?.type;
    if (type !== 'ExperimentalWarning') emit(warning, ...rest);
  };
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const env = readEnvironment();
  if (!env.debug) hideExperimentalWarnings();
  endQuietlyOnClosedPipe();
  // These two have to be known before the command line is understood: its errors obey them, too.
  const io = openIo(process, {
    colour: argv.includes('--no-color') ? 'never' : env.colour,
    quiet: argv.includes('--quiet'),
  });
  const signal = listenForInterrupt();
  try {
    return await runProgram({ io, argv, env, signal });
  } catch (error) {
    io.status();
    const failure = explainFailure(error, signal);
    io.fail(failure.message, failure.next);
    if (env.debug) io.warn(failure.stack ?? '');
    return failure.exitCode;
  }
}

process.exitCode = await main(process.argv.slice(2));
