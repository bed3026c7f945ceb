import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { CliError } from '../../exit.ts';

/** A row larger than this is a quotation mark that was never closed, not a listing. */
export const MAX_ROW_BYTES = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const DELIMITERS = [',', ';', '\t', '|'];

/** How this file writes its rows. */
export interface Dialect {
  delimiter: string;
  /** The byte that ends a physical line: a line feed, or a lone carriage return in files of old Macs. */
  lineEnd: number;
  recordDelimiters: readonly string[];
}

export interface HeaderFound {
  header: string[];
  dialect: Dialect;
  /** Where the rows begin, and on which line. */
  end: number;
  line: number;
}

/** The header row and what it tells about the file. Undefined while more of the file is needed. */
export function readHeader(block: Buffer, last: boolean, label: string): HeaderFound | undefined {
  if (!last && block.length < MAX_ROW_BYTES && !hasWholeLine(block)) return undefined;
  // Excel writes the delimiter it used into a first line of its own.
  const hint = /^\s*sep=(.)\r?\n/.exec(block.subarray(0, 64).toString('latin1'));
  const start = hint?.[0].length ?? 0;
  const text = block.subarray(start);
  let best: { cells: string[]; delimiter: string; end: number } | undefined;
  for (const delimiter of hint ? [hint[1]!] : DELIMITERS) {
    const found = firstRecord(text, delimiter);
    if (found && (!best || found.cells.length > best.cells.length)) best = { ...found, delimiter };
  }
  if (!best && !last && block.length < MAX_ROW_BYTES) return undefined;
  if (!best || best.cells.every((cell) => cell.trim() === '')) {
    const empty = text.toString('latin1').trim() === '';
    throw new CliError(`${label} ${empty ? 'is empty' : 'has no readable header row'}.`, {
      next: 'The first row must name the columns. Nothing was sent.',
    });
  }
  if (!isUtf8(text.subarray(0, best.end)))
    throw new CliError(`${label} is not UTF-8: its header row holds other bytes.`, {
      next: 'Save it as "CSV UTF-8", or convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.csv',
    });
  const loneCr = text[best.end - 1] === CR && text[best.end] !== LF;
  const dialect: Dialect = {
    delimiter: best.delimiter,
    lineEnd: loneCr ? CR : LF,
    recordDelimiters: loneCr ? ['\r\n', '\n', '\r'] : ['\r\n', '\n'],
  };
  const end = start + best.end;
  const line = 1 + countLines(block, 0, end, dialect.lineEnd);
  return { header: best.cells.map((cell) => cell.trim()), dialect, end, line };
}

const hasWholeLine = (block: Buffer) => block.includes(LF) || block.includes(CR);

function firstRecord(text: Buffer, delimiter: string): { cells: string[]; end: number } | undefined {
  let found: { cells: string[]; end: number } | undefined;
  try {
    parseRows(text, { delimiter, recordDelimiters: ['\r\n', '\n', '\r'] }, (cells, end) => {
      found = { cells, end };
      throw new Enough();
    });
  } catch {
    // After the first row, or where the header cannot be read with this delimiter.
  }
  return found;
}

class Enough extends Error {}

/** How strictly quotation marks are taken: by the rules, as text where they break the rules, or always as text. */
export type QuoteRule = 'strict' | 'relaxed' | 'relaxedTrimmed' | 'literal';

/**
 * Reads rows from a text that holds whole ones, each with the position at which it ends. An error thrown by `onRow`
 * ends the reading. Every call has options of one shape: csv-parse is half as fast when shapes differ.
 *
 * @throws CsvError where the rule is broken; its `code` is `CSV_QUOTE_NOT_CLOSED` at the end of the text.
 */
export function parseRows(
  text: Buffer,
  { delimiter, recordDelimiters }: Pick<Dialect, 'delimiter' | 'recordDelimiters'>,
  onRow: (cells: string[], end: number) => void,
  rule: QuoteRule = 'strict',
): void {
  parse(text, {
    delimiter,
    record_delimiter: [...recordDelimiters],
    relax_column_count: true,
    skip_empty_lines: true,
    relax_quotes: rule === 'relaxed' || rule === 'relaxedTrimmed',
    trim: rule === 'relaxedTrimmed',
    quote: rule === 'literal' ? false : '"',
    on_record: (cells: string[], { bytes }) => {
      onRow(cells, bytes);
      return null;
    },
  });
}

export const isLineBreak = (byte: number | undefined) => byte === LF || byte === CR;

/** How many physical lines end between two positions. */
export function countLines(block: Buffer, start: number, end: number, lineEnd: number): number {
  let lines = 0;
  for (let at = block.indexOf(lineEnd, start); at >= 0 && at < end; at = block.indexOf(lineEnd, at + 1))
    lines += 1;
  return lines;
}
