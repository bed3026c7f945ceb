import type { ListingDraft } from '@sojourn/shared/listing';
import { type Currency, exponentOf, toDecimal } from '@sojourn/shared/money';
import type { RowProblem } from '../model.ts';
import type { CellReader, SourceRecord } from '../source/record.ts';

/** A draft as a format makes it: not checked yet, so any field may hold anything. */
export type UncheckedDraft = { [Field in keyof ListingDraft]?: unknown };

export interface MappedRow {
  draft: UncheckedDraft;
  /** The listing that a row without an `externalId` names by its Sojourn id. */
  listingId: string | undefined;
  warnings: { kind: string; value: string | null }[];
  /** What could not even be turned into a field. */
  problems: RowProblem[];
}

export interface FormatSettings {
  currency: Currency | undefined;
  timeZone: string | undefined;
}

/** How the rows of one file become listings. */
export interface Format {
  name: string;
  /** What each kind of warning about a row means. */
  messages: Readonly<Record<string, string>>;
  /** Whether cells were protected against spreadsheets that run them as formulas (see `guard`). */
  guarded: boolean;
  /** Said once about the file as a whole. */
  notes: { kind: string; message: string }[];
  read(record: SourceRecord): MappedRow;
  /** The column of the file that a path of the listing comes from. */
  columnOf(path: readonly PropertyKey[]): string;
  /** What stands in that column, as far as it can be shown as text. */
  valueOf(record: SourceRecord, column: string): string;
}

/** A row on its way to a draft: cells by column name, and places to complain. */
export interface RowReading extends MappedRow {
  /** The trimmed text of a cell. */
  cell(column: string): string;
  warn(kind: string, value?: string): void;
  reject(column: string, problem: Omit<RowProblem, 'column' | 'value'>): undefined;
}

export function readRow(record: SourceRecord, cells: CellReader): RowReading {
  const warnings: MappedRow['warnings'] = [];
  const problems: RowProblem[] = [];
  const cell = (column: string) => cells(record, column).trim();
  return {
    draft: {},
    listingId: undefined,
    warnings,
    problems,
    cell,
    warn(kind, value) {
      warnings.push({ kind, value: value ?? null });
    },
    reject(column, problem) {
      problems.push({ column, value: cell(column), ...problem });
      return undefined;
    },
  };
}

const WHOLE = /^[+-]?\d{1,15}(?:\.0+)?$/;
const DECIMAL = /^[+-]?(?:\d{1,15}(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** A whole number in a cell, or undefined after rejecting the row. */
export function readWhole(row: RowReading, column: string): number | undefined {
  const text = row.cell(column);
  if (WHOLE.test(text)) return Number(text);
  return row.reject(column, {
    rule: 'not_a_whole_number',
    message: 'is not a whole number.',
    fix: 'Write digits only, such as 2.',
  });
}

/** A number in a cell, or undefined after rejecting the row. */
export function readNumber(row: RowReading, column: string): number | undefined {
  const text = row.cell(column);
  if (DECIMAL.test(text)) return Number(text);
  return row.reject(column, {
    rule: 'not_a_number',
    message: 'is not a number.',
    fix: 'Write digits with a point, such as 40.758.',
  });
}

const SPREADSHEET_ID = /^\d(?:[.,]\d+)?E\+\d+$/i;

/** Spreadsheets turn long ids into 1.2798E+18, and the digits are gone. Such an id would match another listing. */
export function rejectSpreadsheetId(row: RowReading, column: string): void {
  if (SPREADSHEET_ID.test(row.cell(column)))
    row.reject(column, {
      rule: 'mangled_id',
      message: 'is an id that a spreadsheet turned into a rounded number.',
      fix: 'Take the id from the original file; in a spreadsheet, format the column as text before opening the file.',
    });
}

/** Why a cell is no price. */
export const notAnAmount = (currency: Currency) => ({
  rule: 'not_an_amount',
  message: `is not an amount in ${currency}.`,
  fix: `Write the amount as a plain decimal such as ${toDecimal({ amount: 120 * 10 ** exponentOf(currency), currency })}.`,
});
