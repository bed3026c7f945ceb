import type { RowProblem } from '../model.ts';
import { type Dialect, isLineBreak, parseRows, type QuoteRule } from './csv-dialect.ts';

// What to do where a CSV file breaks the rules of quotation marks. The aim: a stray mark costs at most its own row,
// and no row is put together from pieces of several without a sign that it was meant so.

/** A row with quotation marks in the wrong places that goes on for more lines than this is not put together again. */
const MAX_LINES = 200;
/** How far to look ahead for the end of such a row. */
const MAX_LOOK_AHEAD = 64 * 1024;
/** With fewer columns a line of prose may look like a row by chance. */
const MIN_COLUMNS_TO_JUDGE = 4;

interface Place {
  block: Buffer;
  start: number;
  end: number;
  dialect: Dialect;
  columns: number;
}

export interface MendedRow {
  cells: string[];
  /** Where the next row begins. */
  end: number;
  problem?: RowProblem;
  strayQuote?: boolean;
}

/**
 * The row that begins at `start`, where strict reading failed. Undefined when more of the file is needed to tell.
 *
 * In this order: a mark inside a cell on one line is text; a mark that opens a cell and is closed nowhere on a line
 * that otherwise has all its cells spoils that row only; a cell over several lines may hold marks that its writer
 * forgot to double, as long as none of those lines is a row by itself; whatever else it is, it ends with its line.
 */
export function mendRow(place: Place & { last: boolean }): MendedRow | undefined {
  const { block, end, last, dialect, columns } = place;
  const start = skipLineBreaks(place);
  const lineEnd = endOfLine(block, start, end, dialect);
  const line = block.subarray(start, lineEnd);

  const relaxed = readRelaxed(line, dialect, columns);
  if (relaxed) return { cells: relaxed, end: lineEnd, strayQuote: true };

  const literal = readLiteral(line, dialect);
  if (literal.length === columns) return { cells: literal, end: lineEnd, problem: unclosed };

  let to = lineEnd;
  for (let lines = 2; lines <= MAX_LINES && to < end; lines += 1) {
    const next = endOfLine(block, to, end, dialect);
    if (readStrict(block.subarray(to, next), dialect)?.length === columns) break;
    to = next;
    const cells = readStrict(withMarksDoubled(block.subarray(start, to), dialect), dialect);
    if (cells?.length === columns) return { cells, end: to, strayQuote: true };
    if (to >= end && !last && to - start < MAX_LOOK_AHEAD) return undefined;
  }
  return { cells: literal, end: lineEnd, problem: broken };
}

/**
 * Whether a row over several lines, though well-formed, is really several rows that a stray quotation mark ran
 * together: its first line has all the cells when marks are taken as text, and so has every line after it.
 */
export function strayQuoteInside(place: Place & { cells: readonly string[] }): boolean {
  const { block, end, dialect, columns, cells } = place;
  const start = skipLineBreaks(place);
  const firstEnd = endOfLine(block, start, end, dialect);
  if (firstEnd >= end || columns < MIN_COLUMNS_TO_JUDGE) return false;
  if (cellsIfLiteral(block, start, firstEnd, dialect) !== columns) return false;
  let rows = 0;
  let lines = 0;
  for (let at = firstEnd; at < end; lines += 1) {
    const next = endOfLine(block, at, end, dialect);
    const line = block.subarray(at, next);
    if (readStrict(line, dialect)?.length === columns || readRelaxed(line, dialect, columns)) rows += 1;
    at = next;
  }
  return cells.length === columns ? rows === lines : rows * 2 >= lines;
}

/** How many cells a line has when quotation marks are text: counted, because this is asked of every row over several lines. */
function cellsIfLiteral(block: Buffer, start: number, end: number, { delimiter }: Dialect): number {
  let cells = 1;
  for (let at = block.indexOf(delimiter, start); at >= 0 && at < end; at = block.indexOf(delimiter, at + 1))
    cells += 1;
  return cells;
}

function skipLineBreaks({ block, start, end }: Place): number {
  let at = start;
  while (at < end && isLineBreak(block[at])) at += 1;
  return at;
}

function endOfLine(block: Buffer, start: number, end: number, { lineEnd }: Dialect): number {
  const found = block.indexOf(lineEnd, start);
  return found < 0 || found >= end ? end : found + 1;
}

const readStrict = (text: Buffer, dialect: Dialect) => readOne(text, dialect, 'strict');

/** With marks as text where they break the rules, if that gives the row the cells that it should have. */
function readRelaxed(text: Buffer, dialect: Dialect, columns: number): string[] | undefined {
  for (const rule of ['relaxed', 'relaxedTrimmed'] as const) {
    const cells = readOne(text, dialect, rule);
    if (cells?.length === columns) return cells.map(unquote);
  }
  return undefined;
}

/** Every quotation mark is text. */
const readLiteral = (text: Buffer, dialect: Dialect) => readOne(text, dialect, 'literal') ?? [];

/** The cells of a text that is exactly one row. */
function readOne(text: Buffer, dialect: Dialect, rule: QuoteRule): string[] | undefined {
  const rows: string[][] = [];
  try {
    parseRows(text, dialect, (cells) => rows.push(cells), rule);
  } catch {
    // Not a row in this reading.
    return undefined;
  }
  return rows.length === 1 ? rows[0] : undefined;
}

/** The relaxed reading leaves the outer marks on a cell that has others inside. */
const unquote = (cell: string) => /^\s*"(.*)"\s*$/s.exec(cell)?.[1]?.replaceAll('""', '"') ?? cell;

/**
 * A text that is to be one row, with every mark doubled that neither opens nor closes a cell. A line break within one
 * row stands inside a cell, so a mark beside it does neither.
 */
function withMarksDoubled(bytes: Buffer, { delimiter }: Dialect): Buffer {
  const text = bytes.toString().trimEnd();
  const doubled = text.replace(/"+/g, (marks, at: number) => {
    const opens = at === 0 || text[at - 1] === delimiter;
    const closes = at + marks.length === text.length || text[at + marks.length] === delimiter;
    if (opens && closes) return marks;
    const inside = marks.length - (opens || closes ? 1 : 0);
    return inside % 2 === 0 ? marks : `${marks}"`;
  });
  return Buffer.from(doubled);
}

const unclosed: RowProblem = {
  column: null,
  value: null,
  rule: 'unclosed_quote',
  message: 'A quotation mark opens a cell and is never closed.',
  fix: 'Close or remove the mark. The file of rejected rows holds the row with the mark taken as text: when it looks right, import that file.',
};

const broken: RowProblem = {
  column: null,
  value: null,
  rule: 'quotes',
  message: 'Quotation marks stand in places where the row cannot be read.',
  fix: 'Put one mark before and one after the cell, and write a mark inside it twice.',
};
