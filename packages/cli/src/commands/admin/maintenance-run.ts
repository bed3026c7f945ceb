import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { EXIT, type ExitCode, usageError } from '../../exit.ts';
import { followRun } from './maintenance-follow.ts';
import { openMatters } from './maintenance-words.ts';
import { type Reasoned, reasonFor } from './reason.ts';
import { tellResult } from './tell-result.ts';

interface Options extends Reasoned {
  apply?: true;
  from?: string;
  to?: string;
  wait: boolean;
}

/** Exit code 3 when something is left that somebody has to look at. */
export async function run(ctx: CommandContext, [task]: [task: string], options: Options): Promise<ExitCode> {
  const { io, json, signal } = ctx;
  const { from, to, wait } = options;
  const mending = await mendingOf(ctx, task, options);
  const { admin } = await ctx.client();
  const period = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const started = await admin.maintenance.start(task, { ...mending, ...period }, { signal });
  if (!wait) {
    if (json) await io.json(started);
    else {
      io.print(started.id);
      io.hint(`sojourn admin maintenance show ${started.id}`);
    }
    return EXIT.ok;
  }
  const finished = await followRun(ctx, started);
  if (json) await io.json(finished);
  else {
    tellResult(io, finished);
    io.hint(`sojourn admin maintenance show ${finished.id}`);
  }
  return openMatters(finished) > 0 ? EXIT.rowErrors : EXIT.ok;
}

async function mendingOf(ctx: CommandContext, task: string, { apply, reason }: Options) {
  if (apply === undefined) {
    if (reason !== undefined) throw usageError('--reason is for --apply: without it nothing is changed.');
    return {};
  }
  const example = `sojourn admin maintenance run ${oneLine(task)} --apply --reason "ticket 4712"`;
  return { apply, reason: await reasonFor(ctx, reason, example) };
}
