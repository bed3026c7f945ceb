import type { MaintenanceRun } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { moment } from '../../local-time.ts';
import { card } from '../../render.ts';
import { outcomeText, paintOutcome } from './maintenance-words.ts';
import { tellResult } from './tell-result.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  const { io, json, signal } = ctx;
  const found = await (await ctx.client()).admin.maintenance.get(id, { signal });
  if (json) return io.json(found);
  io.print(`${drawRun(found, io.columns, io.paint.out)}\n`);
  tellResult(io, found);
}

function drawRun(run: MaintenanceRun, columns: number, paint: Colours): string {
  const { task, applies, reason, startedBy, createdAt, finishedAt, progress, failure, id } = run;
  const { done, total } = progress;
  const figures = [done, total].map((figure) => figure?.toLocaleString('en-US'));
  return [
    `${paint.bold(oneLine(task))} ${paintOutcome(run, paint)(`[${outcomeText(run)}]`)}`,
    card(
      [
        ['Mends', applies ? 'what it finds' : 'nothing: it only looks'],
        ['Why', reason === null ? undefined : oneLine(reason)],
        ['By', startedBy === null ? 'the marketplace itself, every day' : startedBy],
        ['Begun', moment(createdAt)],
        ['Finished', finishedAt === null ? undefined : moment(finishedAt)],
        ['Checked', total === null ? figures[0] : figures.join(' of ')],
        ['Failed', failure === null ? undefined : paint.red(oneLine(failure))],
        ['Id', id],
        ['Times', 'of UTC'],
      ],
      columns,
      paint,
    ),
  ].join('\n');
}
