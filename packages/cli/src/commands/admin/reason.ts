import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';

export interface Reasoned {
  reason?: string;
}

const SHORTEST_REASON = 3;

/**
 * From the flag, or asked: an admin is to write it down while they know it.
 *
 * @param example the command line with a reason, for whoever gave none
 */
export async function reasonFor(
  { io, interactive, signal }: CommandContext,
  given: string | undefined,
  example: string,
): Promise<string> {
  if (given === undefined && !interactive)
    throw usageError('Why? The audit log keeps the reason of every change.', [example]);
  const reason = given ?? (await (await import('../../prompts.ts')).askText(io, 'Why?', signal));
  if (reason.trim().length < SHORTEST_REASON)
    throw usageError(`The reason must have at least ${SHORTEST_REASON} characters.`);
  return reason;
}
