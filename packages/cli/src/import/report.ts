import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { CliError } from '../exit.ts';
import type { KeptRow, Ledger } from './ledger.ts';
import type { ImportReport, RejectedRow } from './model.ts';
import { phrase } from './problems.ts';
import { LINE_KEY } from './source/jsonl.ts';
import { columnKey, ERROR_COLUMN, guard, type Source, unguard } from './source/record.ts';

const REJECTIONS_IN_REPORT = 1_000;
const ROWS_PER_WRITE = 200;

/** Makes sure that the reports will have a place, before anything is sent. */
export async function prepareReportDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (error) {
    throw new CliError(`The reports cannot be written to ${dir}: ${(error as NodeJS.ErrnoException).code}.`, {
      next: 'Name another folder with --report.',
      cause: error,
    });
  }
}

/** Writes `NAME.report.json` and, when there are rows to mend, `NAME.failed.csv` (or `.jsonl`). */
export async function writeReport(
  ledger: Ledger,
  source: Source & { guarded: boolean },
  {
    dir,
    name,
    ...report
  }: Omit<ImportReport, 'rejections' | 'rejectionCount' | 'warnings' | 'failedFile' | 'reportFile'> & {
    dir: string;
    name: string;
  },
): Promise<ImportReport> {
  const reportFile = join(dir, `${name}.report.json`);
  const failedPath = join(dir, `${name}.failed.${source.kind}`);
  const rejectionCount = report.totals.rejected + report.totals.failed;
  const rejections: RejectedRow[] = [];
  for (const { original: _, ...rejection } of ledger.keptRows()) {
    if (rejections.length === REJECTIONS_IN_REPORT) break;
    rejections.push(rejection);
  }
  const failedFile = rejectionCount > 0 ? failedPath : null;
  const whole: ImportReport = {
    ...report,
    warnings: ledger.warnings(),
    rejections,
    rejectionCount,
    failedFile,
    reportFile,
  };
  try {
    if (failedFile)
      await writeAside(failedFile, (path) => pipeline(failedRows(ledger, source), createWriteStream(path)));
    await writeAside(reportFile, (path) => writeFile(path, `${JSON.stringify(whole, null, 2)}\n`));
  } catch (error) {
    throw new CliError(`The report cannot be written to ${dir}: ${(error as NodeJS.ErrnoException).code}.`, {
      next: 'Name another folder with --report, and run the same command again.',
      cause: error,
    });
  }
  return whole;
}

/** Writes beside the place and moves it there when it is whole: nobody ever finds half a file. */
async function writeAside(path: string, write: (path: string) => Promise<void>): Promise<void> {
  const aside = `${path}.part`;
  try {
    await write(aside);
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}

/** The rows to mend as their file had them, with the reason in front, so that the file can be imported again. */
function* failedRows(ledger: Ledger, source: Source & { guarded: boolean }): Generator<string> {
  const asText = source.kind === 'csv' ? csvRows(source) : jsonlRows;
  let rows: KeptRow[] = [];
  let first = true;
  const flush = () => {
    const text = asText(rows, first);
    first = false;
    rows = [];
    return text;
  };
  for (const row of ledger.keptRows()) {
    rows.push(row);
    if (rows.length === ROWS_PER_WRITE) yield flush();
  }
  if (rows.length > 0) yield flush();
}

/**
 * The reason stands in the first column: there it is seen, and a row with too many or too few cells keeps them as they
 * are. Cells are guarded against spreadsheets, which a later import takes off again.
 */
function csvRows({ columns, guarded }: Source & { guarded: boolean }) {
  const dropped = new Set(columns.flatMap((name, i) => (columnKey(name) === ERROR_COLUMN ? [i] : [])));
  const kept = (cells: readonly string[]) => cells.filter((_, i) => !dropped.has(i));
  return (rows: readonly KeptRow[], withHeader: boolean) => {
    const lines = rows.map(({ problems, original }) => {
      const cells = typeof original === 'string' ? [original] : original;
      return [guard(reasonOf(problems)), ...kept(cells).map((cell) => guard(guarded ? unguard(cell) : cell))];
    });
    return stringify(withHeader ? [[ERROR_COLUMN, ...kept(columns).map(guard)], ...lines] : lines);
  };
}

const OLD_ERROR = new RegExp(`,?"${ERROR_COLUMN}":"(?:[^"\\\\]|\\\\.)*"}$`);

function jsonlRows(rows: readonly KeptRow[]): string {
  return rows
    .map(({ problems, original }) => {
      const text = typeof original === 'string' ? original : '';
      const reason = JSON.stringify(reasonOf(problems));
      if (!isObject(text)) return `{"${LINE_KEY}":${JSON.stringify(text)},"${ERROR_COLUMN}":${reason}}\n`;
      // The text itself is kept, not what was read from it: numbers stay as they were written.
      const rest = text.replace(OLD_ERROR, '}').slice(0, -1).trimEnd();
      return `${rest}${rest === '{' ? '' : ','}"${ERROR_COLUMN}":${reason}}\n`;
    })
    .join('');
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    // A line that is no JSON is kept as a whole.
    return false;
  }
}

const reasonOf = (problems: KeptRow['problems']) => problems.map(phrase).join(' | ');
