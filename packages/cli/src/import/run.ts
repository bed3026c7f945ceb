import { createHash, randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkRows } from './check.ts';
import { rememberExisting } from './compare.ts';
import { chooseFormat, readSettings } from './formats/detect.ts';
import type { Format } from './formats/format.ts';
import { readMapping } from './formats/mapping.ts';
import { type Ledger, newImportId, openLedger } from './ledger.ts';
import type {
  ImportOptions,
  ImportProgress,
  ImportReport,
  ImportSink,
  ImportStatus,
  ImportTotals,
} from './model.ts';
import { prepareReportDir, writeReport } from './report.ts';
import { sendRows } from './send.ts';
import { type Input, openInput, SPOOL_PREFIX } from './source/input.ts';
import { openSource } from './source/open.ts';
import type { Source } from './source/record.ts';

/** How an import ended. `failure` is what made it stop early, for the caller to explain. */
export interface ImportEnd {
  report: ImportReport;
  failure?: unknown;
}

/** A ledger that nobody came back to is forgotten after this long. */
const FORGET_AFTER_DAYS = 30;
/** Ledgers of mere checks, which nobody goes on with. */
const CHECK_PREFIX = 'check-';

/**
 * Imports a file of listings: checks every row of it, then sends the good ones. A run that was interrupted, killed or
 * stopped by a server goes on where it was when it is started again with the same file and options.
 *
 * @param sink where rows go; undefined when they are only to be checked.
 * @throws CliError when the file cannot be read or the options do not fit; nothing was sent then.
 */
export async function runImport(
  options: ImportOptions,
  sink: ImportSink | undefined,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportEnd> {
  const settings = readSettings(options);
  const mapping = options.map === undefined ? undefined : await readMapping(options.map);
  const stateDir = join(options.stateDir, 'imports');
  await prepareReportDir(options.reportDir);
  await forgetOldImports(stateDir);
  await using input = await openInput({ ...options, stateDir });
  let bytes = 0;
  await using source = await openSource(input, { signal: options.signal, onRead: (read) => (bytes = read) });
  const format = chooseFormat(source, options, settings, mapping);
  const { serverKey, publish, limit } = options;
  const identity = [serverKey, input.hash, format.name, mapping, settings, publish, limit];
  const ledger = openLedger(
    join(stateDir, `${sink ? digest(identity) : CHECK_PREFIX + randomUUID()}.sqlite`),
  );
  let end: ImportEnd | undefined;
  try {
    const resumed = isChecked(ledger);
    if (!resumed) {
      ledger.setFact('importId', newImportId());
      ledger.setFact('startedAt', new Date().toISOString());
      if (options.existing)
        await rememberExisting(options.existing, ledger, (listings) =>
          onProgress({ phase: 'compare', listings }),
        );
      const onRows = (rows: number, rejected: number) =>
        onProgress({ phase: 'check', bytes, totalBytes: input.size, rows, rejected });
      await checkRows({ source, format, ledger, options, willSend: sink !== undefined, onRows });
    }
    const failure = sink && (await send({ input, format, ledger, sink, options, resumed, onProgress }));
    end = await finish({ input, source, format, ledger, options, sink, resumed, failure });
    return end;
  } finally {
    // A check that did not come to its end is made anew. Whatever was sent is remembered until all of it is.
    const goesOn = sink && isChecked(ledger) && end?.report.status !== 'finished';
    if (goesOn) ledger.close();
    else ledger.remove();
  }
}

const digest = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

/** The number of rows is written together with all else that the check found out. */
const isChecked = (ledger: Ledger) => ledger.fact('rows') !== undefined;

interface Sending {
  input: Input;
  format: Format;
  ledger: Ledger;
  sink: ImportSink;
  options: ImportOptions;
  resumed: boolean;
  onProgress: (progress: ImportProgress) => void;
}

/** Answers what stopped it early: the signal's reason, or the failure that no waiting helped against. */
async function send({ input, resumed, ...sending }: Sending): Promise<unknown> {
  const { ledger, options, onProgress } = sending;
  const { notSent } = ledger.tally();
  const rows = Number(ledger.fact('rows'));
  if (resumed) onProgress({ phase: 'resume', rows, done: rows - notSent });
  if (notSent === 0) return undefined;
  await using source = await openSource(input, { signal: options.signal });
  try {
    await sendRows({ ...sending, source, importId: ledger.fact('importId')! });
    return undefined;
  } catch (error) {
    return error;
  }
}

interface Finishing {
  input: Input;
  source: Source;
  format: Format;
  ledger: Ledger;
  options: ImportOptions;
  sink: ImportSink | undefined;
  resumed: boolean;
  failure: unknown;
}

async function finish({
  input,
  source,
  format,
  ledger,
  options,
  sink,
  resumed,
  failure,
}: Finishing): Promise<ImportEnd> {
  const status = statusOf(failure, sink, options.signal);
  const { totals, notSent } = ledger.tally();
  // In a dry run: what would become of the rows.
  const foreseen = ledger.fact('foreseen');
  const report = await writeReport(
    ledger,
    { kind: source.kind, columns: source.columns, guarded: format.guarded },
    {
      dir: options.reportDir,
      name: input.name,
      file: options.file === '-' ? 'stdin' : options.file,
      importId: ledger.fact('importId')!,
      format: format.name,
      status,
      stopped: status !== 'stopped' ? null : failure instanceof Error ? failure.message : String(failure),
      resumed,
      rows: Number(ledger.fact('rows')),
      totals: foreseen ? { ...totals, ...(JSON.parse(foreseen) as Partial<ImportTotals>) } : totals,
      notSent: foreseen ? 0 : notSent,
      startedAt: ledger.fact('startedAt')!,
      finishedAt: new Date().toISOString(),
    },
  );
  return failure === undefined ? { report } : { report, failure };
}

function statusOf(failure: unknown, sink: ImportSink | undefined, signal: AbortSignal): ImportStatus {
  if (!sink) return 'checked';
  if (failure === undefined) return 'finished';
  return failure === signal.reason ? 'interrupted' : 'stopped';
}

/** Ledgers of imports that were never taken up again hold rows of their files: they are not kept for ever. */
async function forgetOldImports(stateDir: string): Promise<void> {
  const oldest = Date.now() - FORGET_AFTER_DAYS * 86_400_000;
  for (const name of await readdir(stateDir).catch(() => [])) {
    const path = join(stateDir, name);
    const found = await stat(path).catch(() => undefined);
    const stale =
      name.startsWith(SPOOL_PREFIX) || name.startsWith(CHECK_PREFIX) ? Date.now() - 86_400_000 : oldest;
    if (found && found.mtimeMs < stale) await rm(path, { force: true });
  }
}
