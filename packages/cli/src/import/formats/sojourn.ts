import { ListingInput } from '@sojourn/shared/listing';
import { z } from 'zod';
import { usageError } from '../../exit.ts';
import { nearest } from '../nearest.ts';
import { cellReader, columnKey, ERROR_COLUMN, type JsonObject, type Source } from '../source/record.ts';
import { readCells, splitSojournList } from './cells.ts';
import { COLUMN_NAMES, COLUMNS } from './columns.ts';
import { type Format, type FormatSettings, type MappedRow, type RowReading, readRow } from './format.ts';
import { timeZoneAt } from './time-zone.ts';

/** Columns by which the format is known and without which no row could be a listing. */
export const SOJOURN_COLUMNS = ['title', 'roomType'] as const;

const MESSAGES: Readonly<Record<string, string>> = {
  amenity_as_tag: 'An amenity is not in the fixed vocabulary: kept as a tag.',
  unknown_field: 'The object has a field that a listing does not have: left out.',
};

/** Our own format: the columns of `columns.ts` in a CSV file, or listings as the API writes them in a JSONL file. */
export function sojourn(source: Source, settings: FormatSettings): Format {
  return source.kind === 'csv' ? sojournCsv(source, settings) : sojournJsonl(settings);
}

function sojournCsv(source: Source, settings: FormatSettings): Format {
  const keys = new Set(source.columns.map(columnKey));
  const has = (column: string) => keys.has(columnKey(column));
  requireColumns(source.columns, has);
  const cells = cellReader(source, true);
  return {
    name: 'sojourn',
    messages: MESSAGES,
    guarded: true,
    notes: unknownColumns(source.columns),
    read(record) {
      const row = readRow(record, cells);
      readCells(row, { ...settings, split: splitSojournList, decimalMark: '.' });
      if (!has('timeZone')) fillTimeZone(row);
      return row;
    },
    columnOf,
    valueOf: (record, column) => cells(record, column).trim(),
  };
}

function requireColumns(columns: readonly string[], has: (column: string) => boolean): void {
  const missing: string[] = SOJOURN_COLUMNS.filter((column) => !has(column));
  if (!has('externalId') && !has('id')) missing.unshift('externalId');
  if (missing.length === 0) return;
  throw usageError(`A file in the sojourn format needs the column ${missing.join(', ')}.`, [
    `This one has: ${columns.slice(0, 12).join(', ')}${columns.length > 12 ? ', …' : ''}`,
    'Rename the columns, or say which is which in a mapping: --map mapping.json.',
  ]);
}

const known = new Set([...COLUMN_NAMES, ERROR_COLUMN].map(columnKey));

function unknownColumns(columns: readonly string[]): Format['notes'] {
  const unknown = columns.filter((name) => name !== '' && !known.has(columnKey(name)));
  if (unknown.length === 0) return [];
  const words = unknown.map((name) => {
    const meant = nearest(name, COLUMN_NAMES);
    return meant ? `${name} (did you mean ${meant}?)` : name;
  });
  return [
    {
      kind: 'unknown_columns',
      message: `These columns are not of the sojourn format and were left out: ${words.join(', ')}.`,
    },
  ];
}

const columnByPath = new Map(COLUMNS.toReversed().map(({ name, path }) => [path.join('.'), name]));

/** The column of a path, or of the nearest thing around it that has one: `basePrice.amount` comes from `basePrice`. */
export function columnOf(path: readonly PropertyKey[]): string {
  const keys = path.filter((part) => typeof part === 'string');
  for (let length = keys.length; length > 0; length -= 1) {
    const name = columnByPath.get(keys.slice(0, length).join('.'));
    if (name) return name;
  }
  return keys[0] === 'location' ? 'latitude' : keys.join('.') || 'externalId';
}

/** The zone of the coordinates, for files that do not speak of zones at all. */
export function fillTimeZone({ draft }: RowReading): void {
  const { latitude, longitude } = (draft.location ?? {}) as { latitude?: unknown; longitude?: unknown };
  if (draft.timeZone !== undefined || typeof latitude !== 'number' || typeof longitude !== 'number') return;
  draft.timeZone = timeZoneAt(latitude, longitude);
}

/** What the server adds to a listing, and what an import adds to a rejected one. */
const NOT_OURS = new Set([
  'id',
  'status',
  'version',
  'hostId',
  'rating',
  'reviewCount',
  'createdAt',
  'updatedAt',
  'publishedAt',
  ERROR_COLUMN,
]);

function sojournJsonl({ timeZone }: FormatSettings): Format {
  return {
    name: 'sojourn',
    messages: MESSAGES,
    guarded: false,
    notes: [],
    read(record) {
      const json = record.json ?? {};
      const row: MappedRow = { draft: {}, listingId: undefined, warnings: [], problems: [] };
      row.draft = prune(json, FIELDS, (field) =>
        row.warnings.push({ kind: 'unknown_field', value: field }),
      ) as MappedRow['draft'];
      // A number is fine as an id: it was read as text where a number cannot hold it.
      if (typeof row.draft.externalId === 'number') row.draft.externalId = String(row.draft.externalId);
      if (!row.draft.externalId && typeof json.id === 'string') row.listingId = json.id;
      if (row.draft.timeZone === undefined && timeZone) row.draft.timeZone = timeZone;
      return row;
    },
    columnOf: (path) => path.join('.') || 'externalId',
    valueOf: (record, column) =>
      shown(
        column
          .split('.')
          .reduce<unknown>((inner, key) => (inner as JsonObject | null | undefined)?.[key], record.json),
      ),
  };
}

const shown = (value: unknown) =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** Names of the fields of an object, each with those inside it; null where a value is of one piece. */
type FieldTree = ReadonlyMap<string, FieldTree | null>;

const FIELDS: FieldTree = fieldTree(ListingInput) ?? new Map();

/** The fields of a listing out of what the server answers about it. */
export const ownFields = (listing: unknown): unknown => prune(listing, FIELDS);

function fieldTree(schema: unknown): FieldTree | null {
  if (schema instanceof z.ZodObject)
    return new Map(Object.entries(schema.shape).map(([name, inner]) => [name, fieldTree(inner)]));
  if (schema instanceof z.ZodArray) return fieldTree(schema.element);
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  )
    return fieldTree(schema.unwrap());
  return null;
}

/** A value with only those fields that a listing has. What a newer server adds inside is dropped without a word. */
function prune(value: unknown, tree: FieldTree | null, onUnknown?: (field: string) => void): unknown {
  if (tree === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => prune(item, tree));
  const kept: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const fields = tree.get(key);
    if (fields !== undefined) kept[key] = prune(inner, fields);
    else if (!NOT_OURS.has(key)) onUnknown?.(key);
  }
  return kept;
}
