import type { CommandContext } from '../../command-context.ts';
import { writeRange } from './write.ts';

type Args = [id: string, from: string, to: string];

export const run = (ctx: CommandContext, [id, from, to]: Args, options: { dryRun?: true }): Promise<void> =>
  writeRange(ctx, id, { from, to, blocked: false }, options);
