import { setTimeout as sleep } from 'node:timers/promises';
import type { MaintenanceRun, Sojourn } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { CliError } from '../../exit.ts';
import { explainFailure } from '../../failure.ts';
import { startProgress } from '../../progress.ts';

const LOOK_EVERY_MS = 500;
/** Longer than any worker that has nothing else to do lets a run wait. */
const LONG_WAIT_MS = 15_000;

/** Waits for the end of a run and shows how far it is. However it ends, the command that looks again is told. */
export async function followRun(ctx: CommandContext, started: MaintenanceRun): Promise<MaintenanceRun> {
  const { io, signal } = ctx;
  const client = await ctx.client();
  const progress = startProgress(io, { label: oneLine(started.task), unit: 'checked' });
  const next = [`sojourn admin maintenance show ${started.id}`];
  try {
    const run = await untilFinished(client, started, signal, {
      look: ({ progress: { done, total } }) => progress.update({ done, ...(total !== null && { total }) }),
      waitsLong: () => io.warn('No worker has begun it yet: `sojourn admin queues list` shows what they do.'),
    });
    progress.stop();
    if (run.status === 'failed')
      throw new CliError(`It failed: ${oneLine(run.failure ?? 'nobody knows why')}`, { next });
    return run;
  } catch (error) {
    progress.stop();
    if (error instanceof CliError) throw error;
    const { message, exitCode, cause } = explainFailure(error, signal);
    throw new CliError(message, { exitCode, cause, next });
  }
}

interface Watcher {
  look: (run: MaintenanceRun) => void;
  waitsLong: () => void;
}

async function untilFinished(
  { admin }: Sojourn,
  started: MaintenanceRun,
  signal: AbortSignal,
  { look, waitsLong }: Watcher,
): Promise<MaintenanceRun> {
  const complainAt = performance.now() + LONG_WAIT_MS;
  let complained = false;
  for (let run = started; ; run = await admin.maintenance.get(run.id, { signal })) {
    if (run.status === 'succeeded' || run.status === 'failed') return run;
    look(run);
    if (run.status === 'waiting' && !complained && performance.now() > complainAt) {
      complained = true;
      waitsLong();
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
