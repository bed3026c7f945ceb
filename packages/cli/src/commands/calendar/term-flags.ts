import type { Command, OptionValues } from '@commander-js/extra-typings';
import { whole } from '../../flags.ts';

/** The flags for what holds on dates besides their price. */
export const addTermFlags = <Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
) =>
  command
    .option('--min-nights <n>', 'shortest stay that begins then', whole(1, 365))
    .option('--max-nights <n>', 'longest stay that begins then', whole(1, 1125))
    .option('--closed-to-arrival', 'no stay begins on these days')
    .option('--no-closed-to-arrival', 'stays may begin')
    .option('--closed-to-departure', 'no stay ends on these days')
    .option('--no-closed-to-departure', 'stays may end')
    .option('--note <text>', 'only you see it')
    .option('--currency <code>', 'of the amount');

export type TermFlags = ReturnType<ReturnType<typeof addTermFlags<[], Record<never, never>>>['opts']>;
