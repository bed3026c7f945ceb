import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Run } from '../command-context.ts';

/**
 * The action of a command: loads its file when, and only when, it is run. What the flags declare and what the file
 * takes must agree, or the compiler says so.
 */
export type Start = <Args extends readonly unknown[], Options>(
  load: () => Promise<{ run: Run<Args, Options> }>,
) => (...given: [...Args, Options, CommandUnknownOpts]) => Promise<void>;

/** Whether the command line names a group of commands. The commands of the others are not even put together. */
export type IsNamed = (group: string) => boolean;
