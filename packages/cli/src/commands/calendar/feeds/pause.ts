import type { CommandContext } from '../../../command-context.ts';
import { setPaused } from './set-paused.ts';

export const run = (ctx: CommandContext, args: [listing: string, id: string]): Promise<void> =>
  setPaused(ctx, args, true);
