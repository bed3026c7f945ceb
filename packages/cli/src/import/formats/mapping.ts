import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { usageError } from '../../exit.ts';
import { nearest } from '../nearest.ts';
import { cellReader, columnKey, ERROR_COLUMN, type Source } from '../source/record.ts';
import { readCells, splitSojournList } from './cells.ts';
import { COLUMN_NAMES, COLUMNS, LIST_SEPARATOR } from './columns.ts';
import { type Format, type FormatSettings, readRow, rejectSpreadsheetId } from './format.ts';
import { columnOf, fillTimeZone } from './sojourn.ts';
import { cleanText } from './text.ts';

const NOT_MAPPED = new Set(['id', 'status']);
/** The columns of the sojourn format that a mapping may fill. */
export const MAPPABLE_COLUMNS = COLUMN_NAMES.filter((name) => !NOT_MAPPED.has(name));

const Mapping = z.strictObject({
  /** Our column: the column of the file. */
  columns: z.record(z.string(), z.string().min(1)),
  /** Our column: the value of every row, written as in a cell. */
  constants: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .default({}),
  /** Our column: what the file's words mean in ours. */
  values: z
    .record(
      z.string(),
      z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)),
    )
    .default({}),
  /** What separates the values of a list in one cell. */
  listSeparator: z.string().min(1).max(5).default(LIST_SEPARATOR),
  /** `,` for amounts such as 1.234,50. */
  decimalMark: z.enum(['.', ',']).default('.'),
});
export type Mapping = z.infer<typeof Mapping>;

/** Reads a mapping file. All that is wrong with it is said at once. */
export async function readMapping(path: string): Promise<Mapping> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw usageError(`The mapping ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw usageError(`The mapping ${path} is not valid JSON: ${(error as Error).message}.`);
  }
  const parsed = Mapping.safeParse(json);
  const problems = parsed.success
    ? problemsOf(parsed.data)
    : parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`);
  if (!parsed.success || problems.length > 0) throw usageError(`The mapping ${path} is not right.`, problems);
  return parsed.data;
}

function problemsOf({ columns, constants, values }: Mapping): string[] {
  const problems: string[] = [];
  for (const [part, entries] of Object.entries({ columns, constants, values }))
    for (const name of Object.keys(entries)) {
      if (MAPPABLE_COLUMNS.includes(name)) continue;
      const meant = nearest(name, MAPPABLE_COLUMNS);
      problems.push(`${part}.${name}: there is no such column.${meant ? ` Did you mean "${meant}"?` : ''}`);
    }
  for (const name of Object.keys(columns))
    if (name in constants) problems.push(`${name} stands in columns and in constants: keep one.`);
  if (!columns.externalId)
    problems.push('columns.externalId is missing: name the column with your own id of each listing.');
  for (const name of ['title', 'roomType'])
    if (!columns[name] && constants[name] === undefined)
      problems.push(`columns.${name} is missing (or constants.${name}).`);
  return problems;
}

/** Any file, by a mapping of its columns onto those of the sojourn format. */
export function mapped(source: Source, settings: FormatSettings, mapping: Mapping, path: string): Format {
  const keys = new Set(source.columns.map(columnKey));
  const missing = Object.values(mapping.columns).filter(
    (name) => source.kind === 'csv' && !keys.has(columnKey(name)),
  );
  if (missing.length > 0)
    throw usageError(
      `The file has no column ${missing.map((name) => `"${name}"`).join(', ')}, which ${path} names.`,
      `Its columns are: ${source.columns.join(', ')}`,
    );
  const unmapped = COLUMNS.filter(
    ({ name, kind }) => kind === 'money' && (mapping.columns[name] || mapping.constants[name] !== undefined),
  );
  if (unmapped.length > 0 && !settings.currency && !mapping.columns.currency && !mapping.constants.currency)
    throw usageError('Nothing names the currency of the prices.', [
      'Add --currency, for example --currency EUR,',
      `or "constants": { "currency": "EUR" } to ${path}.`,
    ]);

  const guarded = keys.has(ERROR_COLUMN);
  const original = cellReader(source, guarded);
  const cells: typeof original = (record, column) => {
    const from = mapping.columns[column];
    if (from === undefined) return mapping.constants[column] ?? '';
    const text = original(record, from).trim();
    return mapping.values[column]?.[text] ?? text;
  };
  const { listSeparator, decimalMark } = mapping;
  const separate =
    listSeparator === LIST_SEPARATOR ? splitSojournList : (cell: string) => cell.split(listSeparator);
  const split = (cell: string) => jsonList(cell) ?? separate(cell);
  const nameOf = (column: string) => mapping.columns[column] ?? column;
  return {
    name: 'mapping',
    messages: { amenity_as_tag: 'An amenity is not in the fixed vocabulary: kept as a tag.' },
    guarded,
    notes: [],
    read(record) {
      const row = readRow(record, cells);
      rejectSpreadsheetId(row, 'externalId');
      readCells(row, { ...settings, split, decimalMark });
      if (typeof row.draft.description === 'string') row.draft.description = cleanText(row.draft.description);
      if (!mapping.columns.timeZone) fillTimeZone(row);
      // From here on it is for people, who know the columns by the names in their file.
      for (const problem of row.problems) if (problem.column) problem.column = nameOf(problem.column);
      return row;
    },
    columnOf: (path_) => nameOf(columnOf(path_)),
    valueOf: (record, column) => original(record, column).trim(),
  };
}

/** Some programs write a list into a cell as JSON; in a JSONL file it is one anyway. */
function jsonList(cell: string): string[] | undefined {
  if (!cell.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(cell);
    return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : undefined;
  } catch {
    // An ordinary cell that begins with a bracket.
    return undefined;
  }
}
