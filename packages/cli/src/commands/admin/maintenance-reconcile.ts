import type { CommandContext } from '../../command-context.ts';
import type { ExitCode } from '../../exit.ts';
import { run as runTask } from './maintenance-run.ts';

interface Options {
  from?: string;
  to?: string;
}

export const run = (ctx: CommandContext, _args: [], options: Options): Promise<ExitCode> =>
  runTask(ctx, ['reconcile'], { ...options, wait: true });
