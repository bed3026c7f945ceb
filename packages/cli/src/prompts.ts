import { confirm, input, password, select } from '@inquirer/prompts';
import { withoutControls } from './controls.ts';
import type { Io } from './io.ts';

// Only ever imported when a question is about to be asked: loading it costs more than the rest of the CLI together.
// The caller makes sure that somebody is there to answer (`ctx.interactive`), and names the flag that answers otherwise.

const where = (io: Io, signal: AbortSignal) => ({ ...io.questions, signal });

export const askYesNo = (io: Io, question: string, signal: AbortSignal): Promise<boolean> =>
  confirm({ message: withoutControls(question), default: false }, where(io, signal));

export const askText = (
  io: Io,
  question: string,
  signal: AbortSignal,
  { suggestion, required = true }: { suggestion?: string; required?: boolean } = {},
): Promise<string> =>
  input(
    {
      message: withoutControls(question),
      required,
      ...(suggestion !== undefined && { default: suggestion }),
    },
    where(io, signal),
  );

/** What is typed is neither shown nor counted. */
export const askSecret = (io: Io, question: string, signal: AbortSignal): Promise<string> =>
  password(
    {
      message: withoutControls(question),
      validate: (secret) => secret.length > 0 || 'Please type it, or press Ctrl-C.',
    },
    where(io, signal),
  );

export interface Choice<Value> {
  value: Value;
  name: string;
  description?: string;
}

export const askChoice = <Value>(
  io: Io,
  question: string,
  choices: readonly Choice<Value>[],
  signal: AbortSignal,
): Promise<Value> => select({ message: withoutControls(question), choices }, where(io, signal));
