/** What the process says to the shell when it ends. Scripts rely on these numbers. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** The command ran to its end, and some rows or items were refused. */
  rowErrors: 3,
  loginNeeded: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that a person can act on: printed as one line, then `next` as the thing to try. Never as a stack trace. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  /** What to do now: a command to run or a flag to add. One string a line. */
  readonly next: readonly string[];

  constructor(message: string, { exitCode = EXIT.failed, next = [], cause }: CliErrorOptions = {}) {
    super(message, { cause });
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.next = typeof next === 'string' ? [next] : next;
  }
}

export interface CliErrorOptions {
  exitCode?: ExitCode;
  next?: string | readonly string[];
  cause?: unknown;
}

/** The command line itself is wrong: exit code 2. */
export const usageError = (message: string, next?: string | readonly string[]) =>
  new CliError(message, { exitCode: EXIT.usage, ...(next && { next }) });

/** There are no credentials, or the server does not accept them: exit code 4. */
export const loginNeeded = (message: string, next: string | readonly string[] = 'sojourn login') =>
  new CliError(message, { exitCode: EXIT.loginNeeded, next });

/** Thrown by code that notices that `ctx.signal` was aborted by Ctrl-C: exit code 130. */
export const interrupted = () => new CliError('Interrupted.', { exitCode: EXIT.interrupted });
