import type { RowProblem } from '../model.ts';

export type JsonObject = { readonly [key: string]: unknown };

/** One row of the file as it stands there. */
export interface SourceRecord {
  /** 1 for the first row under the header. */
  row: number;
  /** The line of the file on which the row begins, 1 for the first. */
  line: number;
  /** A row of a CSV file, cell by cell. Also set, as far as it can be told apart, when the row is broken. */
  cells?: readonly string[];
  /** A line of a JSONL file. */
  json?: JsonObject;
  /** The text of that line. */
  text?: string;
  /** Why it cannot be read as a row at all. */
  problem?: RowProblem;
  /** Set when the row was read with a stray quotation mark taken as text. */
  strayQuote?: boolean;
}

export interface Source {
  kind: 'csv' | 'jsonl';
  /** The columns of a CSV file; the keys of the first object of a JSONL file. */
  columns: readonly string[];
}

/** The column that a file of rejected rows has in front of the original ones. */
export const ERROR_COLUMN = 'sojourn_error';

/** The name by which a column is looked up: spaces around it and upper case do not matter. */
export const columnKey = (name: string) => name.trim().toLowerCase();

/** Looks cells up by the name of their column. A column that the file does not have reads as an empty cell. */
export type CellReader = (record: SourceRecord, column: string) => string;

/**
 * @param guarded whether cells were protected against spreadsheets that run them as formulas (see `guard`).
 */
export function cellReader({ kind, columns }: Source, guarded: boolean): CellReader {
  if (kind === 'jsonl') return (record, column) => jsonCell(record.json, column);
  const positions = new Map<string, number>();
  // The first of two columns with one name counts.
  for (const [i, name] of columns.entries())
    if (!positions.has(columnKey(name))) positions.set(columnKey(name), i);
  // The same few names are asked for in every row.
  const asked = new Map<string, number>();
  const positionOf = (column: string) => {
    const position = positions.get(columnKey(column)) ?? -1;
    asked.set(column, position);
    return position;
  };
  return (record, column) => {
    const position = asked.get(column) ?? positionOf(column);
    const cell = position < 0 ? '' : (record.cells?.[position] ?? '');
    return guarded ? unguard(cell) : cell;
  };
}

function jsonCell(json: JsonObject | undefined, column: string): string {
  if (!json || !Object.hasOwn(json, column)) return '';
  const value = json[column];
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const FORMULA = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const GUARDED = /^'+[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * A cell that a spreadsheet would run as a formula, with an apostrophe in front: shown as text everywhere. Numbers
 * stay as they are. `unguard` takes exactly that apostrophe off again, whatever the text was.
 */
export const guard = (cell: string) => (FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell);

export const unguard = (cell: string) => (GUARDED.test(cell) ? cell.slice(1) : cell);
