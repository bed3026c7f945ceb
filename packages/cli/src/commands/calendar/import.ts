import { setFlagsFromString } from 'node:v8';
import type { CommandContext } from '../../command-context.ts';
import { EXIT, type ExitCode, interrupted } from '../../exit.ts';
import { explainFailure } from '../../failure.ts';
import { type CalendarImportEnd, importCalendar } from '../../import/calendar/run.ts';
import { toCurrency } from '../money.ts';
import { openCalendarSink } from './import-sink.ts';
import { showProgress, showReport } from './import-view.ts';

interface Options {
  currency?: string;
  dryRun?: true;
  concurrency?: number;
  limit?: number;
}

const CONCURRENCY = 4;

export async function run(
  ctx: CommandContext,
  [file]: [file: string],
  { currency, dryRun: dry, concurrency = CONCURRENCY, limit }: Options,
): Promise<ExitCode> {
  keepMemorySmall();
  const dryRun = dry ?? false;
  const options = {
    file,
    stdin: ctx.io.stdin,
    currency: currency === undefined ? undefined : toCurrency(currency),
    concurrency,
    limit,
    stateDir: ctx.env.stateDir,
    signal: ctx.signal,
  };
  const client = await ctx.client();
  const view = showProgress(ctx, dryRun);
  let end: CalendarImportEnd;
  try {
    end = await importCalendar(options, openCalendarSink(client, ctx.signal, dryRun), view.update);
  } finally {
    view.stop();
  }
  const { report, failure } = end;
  await showReport(ctx, report, { dryRun, seconds: view.seconds() });
  if (report.status === 'interrupted') throw interrupted();
  if (report.status === 'stopped') throw explainFailure(failure, ctx.signal);
  return report.rejected + report.failures.length > 0 ? EXIT.rowErrors : EXIT.ok;
}

/** As for listings: without these the heap grows to several times what is in use. */
function keepMemorySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=75');
}
