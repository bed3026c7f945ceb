import type { CommandContext } from '../../command-context.ts';
import type { Endpoint } from './draw.ts';

/** The secret alone on stdout, so that it can be sent to where it is kept; the words about it to stderr. */
export async function showSecret(
  { io, json }: CommandContext,
  endpoint: Endpoint & { secret: string },
  done: string,
): Promise<void> {
  if (json) return io.json(endpoint);
  io.print(endpoint.secret);
  io.success(`${done} ${endpoint.id}.`);
  io.warn('The secret is shown this once. Keep it where your program reads it, and nowhere else.');
}
