import type { SojournEvent } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { CliError } from '../../exit.ts';
import { explainFailure } from '../../failure.ts';
import { commandLine } from '../paging.ts';

export interface FollowOptions {
  types?: string[];
  after?: number;
  sinceStart?: true;
  all?: true;
}

/** A server that cannot be read from is told of no more often, in milliseconds. */
const COMPLAIN_EVERY = 30_000;

/**
 * Takes events one after the other, from where the flags say, until `take` answers false or Ctrl-C. However it ends, the
 * command that goes on from there is told.
 */
export async function follow(
  ctx: CommandContext,
  { types, after, sinceStart, all }: FollowOptions,
  take: (event: SojournEvent) => Promise<boolean>,
): Promise<void> {
  const { io, signal, argv } = ctx;
  const { events } = await ctx.client();
  // Asked here and not by the tail, so that wrong flags and a missing login show at once, and so does the place to go on.
  let position = sinceStart
    ? undefined
    : (after ?? (await events.list({ after: 'latest', limit: 1, all }, { signal }).page()).lastSequence);
  const goOn = () => (position === undefined ? [] : [resumeCommand(argv, position)]);
  try {
    const tail = events.tail({
      after: position ?? 'oldest',
      types,
      all,
      signal,
      onInterruption: complainer(ctx),
    });
    for await (const event of tail) {
      const more = await take(event);
      position = event.sequence;
      if (!more) break;
    }
  } catch (error) {
    const { message, exitCode, next, cause } = explainFailure(error, signal);
    throw new CliError(message, { exitCode, next: [...next, ...goOn()], cause });
  }
  io.hint(...goOn());
}

function complainer({ io }: CommandContext): (error: Error) => void {
  let complainedAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - complainedAt < COMPLAIN_EVERY) return;
    complainedAt = performance.now();
    io.warn(`${oneLine(error.message)} It is tried again until it works; no event is missed.`);
  };
}

/** The command line as it was typed, going on after an event. */
export function resumeCommand(argv: readonly string[], sequence: number): string {
  const kept = argv.filter(
    (word, i) => !/^--(after(=.*)?|since-start)$/.test(word) && argv[i - 1] !== '--after',
  );
  return commandLine([...kept, '--after', String(sequence)]);
}
