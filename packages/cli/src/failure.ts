import type { ApiError } from '@sojourn/sdk';
import { maskKey } from './config.ts';
import { oneLine } from './controls.ts';
import { CliError, EXIT, interrupted } from './exit.ts';

// Longer than what maskKey leaves of one, so that a shortened key stays as it is.
const KEY = /sjn_(?:test|live)_\w{8,}/g;

/** Whatever was thrown, as one line for a person, what to try next and the exit code. */
export function explainFailure(error: unknown, signal: AbortSignal): CliError {
  if (error instanceof CliError) return withoutKeys(error);
  if (!(error instanceof Error)) return new CliError('Unexpected failure.', { cause: error });
  if (signal.aborted || INTERRUPTIONS.has(error.name)) return interrupted();
  if (isApiError(error)) return withoutKeys(explainAnswer(error));
  if (UNREACHABLE.has(error.name))
    return new CliError(error.message, {
      cause: error,
      next: ['Is the server running, and is the URL right? `sojourn profiles` shows it.'],
    });
  return withoutKeys(
    new CliError(`Unexpected failure: ${error.message}`, {
      cause: error,
      next: ['SOJOURN_DEBUG=1 shows where it happened.'],
    }),
  );
}

// By name, because their classes live in the SDK and the prompts, which are loaded only by commands that need them.
const INTERRUPTIONS = new Set(['AbortError', 'ExitPromptError', 'AbortPromptError']);
const UNREACHABLE = new Set(['ConnectionError', 'TimeoutError']);
export const isApiError = (error: unknown): error is ApiError =>
  error instanceof Error && 'problem' in error && 'status' in error && 'errors' in error;

function explainAnswer(error: ApiError): CliError {
  const { code, status, requestId } = error;
  const names = requestId === undefined ? code : `${code}, request ${requestId}`;
  return new CliError([`${refusalText(error)} (${names})`, ...fieldLines(error)].join('\n'), {
    exitCode: status === 401 ? EXIT.loginNeeded : EXIT.failed,
    next: [...(status === 401 ? ['sojourn login'] : []), `sojourn explain ${code}`],
  });
}

/** What the server says is wrong, in one sentence without its full stop. Wrong values are told line by line beneath. */
export function refusalText({ detail, problem, errors }: ApiError): string {
  const says = errors.length > 0 ? (problem.title ?? detail) : (detail ?? problem.title);
  return oneLine(says ?? 'The request failed').replace(/\.$/, '');
}

/** Each value that is wrong, where and why, one a line. What came from a flag is named by the flag. */
export function fieldLines({ errors }: ApiError): string[] {
  const lines = errors.map(({ pointer, message }) => [flagOf(oneLine(pointer)), oneLine(message)] as const);
  const width = Math.max(0, ...lines.map(([where]) => where.length));
  return lines.map(([where, message]) => `    ${where.padEnd(width)}  ${message}`);
}

/** `/query/radiusKm` is `--radius-km`. A pointer into a body stays as it is: its value may come from a file. */
const flagOf = (pointer: string) =>
  pointer.replace(/^\/query\/(\w+)(?:\/\d+)?$/, (_, name: string) => `--${kebab(name)}`);
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The same failure with every key in it shortened: a key typed in the wrong place must not end up in a log. */
function withoutKeys(error: CliError): CliError {
  const masked = (text: string) => text.replace(KEY, maskKey);
  return new CliError(masked(error.message), {
    exitCode: error.exitCode,
    next: error.next.map(masked),
    cause: error.cause ?? error,
  });
}
