import type { CommandContext } from '../../command-context.ts';
import { type MoveOptions, moveClock } from './clock-move.ts';

export const run = (ctx: CommandContext, [advance]: [span: string], options: MoveOptions): Promise<void> =>
  moveClock(ctx, { advance }, options);
