import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { CommandContext } from '../../command-context.ts';
import { CliError, EXIT, type ExitCode, interrupted, usageError } from '../../exit.ts';
import { explainFailure } from '../../failure.ts';
import type { ImportOptions, ImportReport, ImportSink } from '../../import/model.ts';
import { type ImportEnd, runImport } from '../../import/run.ts';
import { SinkUnavailable } from '../../import/sink.ts';
import { openSink } from './import-sink.ts';
import { showProgress, showSummary } from './import-view.ts';

interface Options {
  format: 'auto' | 'sojourn' | 'inside-airbnb';
  map?: string;
  currency?: string;
  timeZone?: string;
  dryRun?: true;
  offline?: true;
  publish?: true;
  concurrency?: number;
  limit?: number;
  report?: string;
}

const BATCH_SIZE = 1_000;
const CONCURRENCY = 4;

export async function run(ctx: CommandContext, [file]: [string], options: Options): Promise<ExitCode> {
  if (options.map && options.format !== 'auto')
    throw usageError('--map describes the file by itself: leave out --format.');
  keepMemorySmall();
  const { serverKey, sink, existing } = await openServer(ctx, options);
  const map = options.map ?? (await askForMapping(ctx, file, options));
  const importOptions: ImportOptions = {
    file,
    stdin: ctx.io.stdin,
    format: options.format,
    map,
    currency: options.currency,
    timeZone: options.timeZone,
    existing,
    publish: options.publish ?? false,
    concurrency: options.concurrency ?? CONCURRENCY,
    limit: options.limit,
    reportDir: resolve(ctx.env.cwd, options.report ?? '.'),
    batchSize: BATCH_SIZE,
    stateDir: ctx.env.stateDir,
    signal: ctx.signal,
    serverKey,
  };
  const view = showProgress(ctx, { checkOnly: sink === undefined });
  let end: ImportEnd;
  try {
    end = await runImport(importOptions, sink, view.update);
  } finally {
    view.stop();
  }
  await showSummary(ctx, end.report, view.seconds());
  return exitCodeOf(end, ctx.signal);
}

/**
 * Rows live for the blink of an eye. Left to itself the heap grows to several times what is in use, because there would
 * be room; with these two it stays near 150 MB for a tenth of processor time more.
 */
function keepMemorySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=75');
}

interface Server {
  serverKey: string;
  sink?: ImportSink;
  existing?: AsyncIterable<unknown>;
}

/** A wrong or missing login is found before a file of an hour is checked. */
async function openServer(ctx: CommandContext, { offline, dryRun }: Options): Promise<Server> {
  if (offline) return { serverKey: 'offline' };
  const [{ url }, client] = await Promise.all([ctx.connection(), ctx.client()]);
  const { id } = await client.me.get({ signal: ctx.signal });
  const serverKey = `${url} ${id}`;
  return dryRun
    ? { serverKey, existing: client.listings.export({ signal: ctx.signal }) }
    : { serverKey, sink: openSink(client) };
}

/** On a terminal, a file whose columns nobody knows is asked about. */
async function askForMapping(
  ctx: CommandContext,
  file: string,
  { format }: Options,
): Promise<string | undefined> {
  if (!ctx.interactive || format !== 'auto' || file === '-') return undefined;
  const { askMapping } = await import('./import-questions.ts');
  return askMapping(ctx, file);
}

function exitCodeOf({ report, failure }: ImportEnd, signal: AbortSignal): ExitCode {
  if (report.status === 'interrupted') throw interrupted();
  if (failure instanceof SinkUnavailable) throw new CliError(`The server did not answer: ${failure.message}`);
  if (report.status === 'stopped') throw explainFailure(failure, signal);
  return hasErrors(report) ? EXIT.rowErrors : EXIT.ok;
}

const hasErrors = ({ totals }: ImportReport) => totals.rejected + totals.failed > 0;
