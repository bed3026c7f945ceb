import { CURRENCIES, type Currency } from '@sojourn/shared/money';
import {
  CANCELLATION_POLICIES,
  LONG_STAY_POLICIES,
  PROPERTY_TYPES,
  ROOM_TYPES,
} from '@sojourn/shared/vocabulary';
import { nearest } from '../nearest.ts';
import { readAmenities } from './amenities.ts';
import { COLUMNS, type Column, splitList } from './columns.ts';
import { type FormatSettings, notAnAmount, type RowReading, readNumber, readWhole } from './format.ts';
import { type DecimalMark, readAmount } from './money-text.ts';
import { readPropertyType } from './property-types.ts';
import { choose } from './text.ts';

export interface CellRules extends FormatSettings {
  /** How a cell with several values is taken apart. */
  split: (cell: string) => string[];
  decimalMark: DecimalMark;
}

/** What `sojourn` files go by: see `joinList`. */
export const splitSojournList = (cell: string) => (cell === '' ? [] : splitList(cell));

/**
 * Reads the columns of the `sojourn` format, under their own names or under those of a mapping, into the draft of a
 * row. An empty cell leaves the field to its default.
 */
export function readCells(row: RowReading, rules: CellRules): void {
  const currency = readCurrency(row, rules);
  for (const column of COLUMNS) {
    const text = row.cell(column.name);
    if (text === '') continue;
    const value = readCell(row, column, text, rules, currency);
    if (value !== undefined) put(row.draft as Record<string, unknown>, column.path, value);
  }
  readPhotos(row, rules);
  if (!row.cell('externalId')) row.listingId = row.cell('id') || undefined;
  if (rules.timeZone && !row.cell('timeZone')) row.draft.timeZone = rules.timeZone;
}

function readCell(
  row: RowReading,
  { name, kind }: Column,
  text: string,
  rules: CellRules,
  currency: Currency | undefined,
): unknown {
  switch (kind) {
    case 'text':
      return name === 'country' && /^[a-z]{2}$/i.test(text) ? text.toUpperCase() : text;
    case 'whole':
      return readWhole(row, name);
    case 'number':
      return readNumber(row, name);
    case 'flag':
      return readFlag(row, name, text);
    case 'word':
      return readWord(row, name, text);
    case 'time':
      return readTime(text);
    case 'list':
      return readList(row, name, rules.split(text));
    case 'money':
      return currency && readMoney(row, name, text, currency, rules.decimalMark);
    default:
      // Read together with others: currency, photos and captions, ids.
      return undefined;
  }
}

function put(draft: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let inner = draft;
  for (const key of path.slice(0, -1)) {
    inner[key] ??= {};
    inner = inner[key] as Record<string, unknown>;
  }
  inner[path.at(-1)!] = value;
}

const FLAGS = new Map([
  ...['true', 't', 'yes', 'y', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', '0'].map((word) => [word, false] as const),
]);

const readFlag = (row: RowReading, column: string, text: string) =>
  FLAGS.get(text.toLowerCase()) ??
  row.reject(column, {
    rule: 'not_a_flag',
    message: 'is neither true nor false.',
    fix: 'Write true, false, or nothing.',
  });

const WORDS: Readonly<Record<string, readonly string[]>> = {
  propertyType: PROPERTY_TYPES,
  roomType: ROOM_TYPES,
  cancellationPolicy: CANCELLATION_POLICIES,
  longStayPolicy: LONG_STAY_POLICIES,
};

function readWord(row: RowReading, column: string, text: string): string | undefined {
  const words = WORDS[column] ?? [];
  const found = choose(words, text) ?? (column === 'propertyType' ? readPropertyType(text) : undefined);
  if (found) return found;
  const meant = nearest(text, words);
  return row.reject(column, {
    rule: 'unknown_word',
    message: 'is not a word that is known here.',
    fix: meant
      ? `Did you mean "${meant}"? Possible are: ${words.join(', ')}.`
      : `Possible are: ${words.join(', ')}.`,
  });
}

/** Spreadsheets write 15:00 as 15:00:00, and 9:00 without its nought. */
function readTime(text: string): string {
  const match = /^(\d{1,2}):(\d{2})(?::00)?$/.exec(text);
  return match ? `${match[1]!.padStart(2, '0')}:${match[2]}` : text;
}

function readList(row: RowReading, column: string, values: string[]): string[] {
  const words = values.map((value) => value.trim()).filter(Boolean);
  if (column === 'amenities') {
    const { amenities, tags } = readAmenities(words);
    if (tags.length > 0) row.warn('amenity_as_tag', tags[0]);
    row.draft.tags = tags;
    return amenities;
  }
  // The tags come after the amenities, of which some may have become tags.
  const before = column === 'tags' ? ((row.draft.tags as string[] | undefined) ?? []) : [];
  return [...new Set([...before, ...words])];
}

function readCurrency(row: RowReading, { currency }: CellRules): Currency | undefined {
  const text = row.cell('currency');
  const found = text === '' ? currency : choose(CURRENCIES, text.toUpperCase());
  if (found) return found;
  if (text !== '')
    return row.reject('currency', {
      rule: 'unknown_word',
      message: 'is not a currency that is known here.',
      fix: 'Write an ISO 4217 code such as USD or EUR.',
    });
  const priced = COLUMNS.find(({ name, kind }) => kind === 'money' && row.cell(name) !== '');
  if (priced)
    row.reject('currency', {
      rule: 'required',
      message: `is empty, but the row has a ${priced.name}.`,
      fix: 'Write an ISO 4217 code such as USD, or add --currency.',
    });
  return undefined;
}

function readMoney(row: RowReading, column: string, text: string, currency: Currency, mark: DecimalMark) {
  const amount = readAmount(text, currency, mark);
  if (amount !== undefined) return { amount, currency };
  return row.reject(column, notAnAmount(currency));
}

function readPhotos(row: RowReading, { split }: CellRules): void {
  const urls = row.cell('photos');
  if (urls === '') return;
  const captions = splitList(row.cell('photoCaptions'));
  row.draft.photos = split(urls)
    .map((url, i) => ({ url: url.trim(), caption: captions[i] || null }))
    .filter(({ url }) => url !== '');
}
