import type { CommandContext } from '../../command-context.ts';
import type { ExitCode } from '../../exit.ts';
import { changeState, type StateOptions } from './change-state.ts';

export const run = (ctx: CommandContext, [ids]: [ids: string[]], options: StateOptions): Promise<ExitCode> =>
  changeState(ctx, ids, options, { verb: 'publish', done: 'Published' });
