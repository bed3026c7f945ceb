import { isUtf8 } from 'node:buffer';
import type { RowProblem } from '../model.ts';
import {
  countLines,
  type Dialect,
  isLineBreak,
  MAX_ROW_BYTES,
  parseRows,
  readHeader,
} from './csv-dialect.ts';
import { mendRow, strayQuoteInside } from './csv-recovery.ts';
import type { SourceRecord } from './record.ts';

export type CsvPart = { header: string[] } | { rows: SourceRecord[] };

/**
 * Reads a CSV file block by block: first the header, then the rows as they come. Every row keeps the number of the
 * physical line on which it begins. Each block is parsed strictly, so that nothing is misread in silence; a row at
 * which that fails is looked at alone (see `mendRow`), and the rows after it are read as if nothing had happened.
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>, label: string): AsyncGenerator<CsvPart> {
  let rest: Buffer = Buffer.alloc(0);
  let reader: BlockReader | undefined;
  const take = function* (block: Buffer, last: boolean): Generator<CsvPart> {
    rest = block;
    if (!reader) {
      const found = readHeader(block, last, label);
      if (!found) return;
      reader = blockReader(found.dialect, found.header.length, found.line);
      rest = block.subarray(found.end);
      yield { header: found.header };
    }
    const { rows, end } = reader(rest, last);
    rest = rest.subarray(end);
    if (rows.length > 0) yield { rows };
  };
  for await (const chunk of chunks)
    yield* take(rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk, false);
  yield* take(rest, true);
}

type BlockReader = (block: Buffer, last: boolean) => { rows: SourceRecord[]; end: number };

/** Reads as many whole rows of a block as there are. What is left is to be given again with what follows it. */
function blockReader(dialect: Dialect, columns: number, firstLine: number): BlockReader {
  const { lineEnd } = dialect;
  let line = firstLine;
  let row = 0;
  let skippingLine = false;

  return (block, last) => {
    const rows: SourceRecord[] = [];
    const utf8 = isUtf8(block);
    let position = 0;

    const advance = (end: number) => {
      line += countLines(block, position, end, lineEnd);
      position = end;
    };
    const emit = (cells: string[], end: number, more?: Pick<SourceRecord, 'problem' | 'strayQuote'>) => {
      while (isLineBreak(block[position]) && position < end) advance(position + 1);
      const read =
        utf8 || isUtf8(block.subarray(position, end))
          ? { cells, ...more }
          : misencoded(block.subarray(position, end), dialect);
      // Spreadsheets leave rows of nothing but delimiters at the end of a sheet.
      if (read.cells.some((cell) => cell.trim() !== '')) {
        const fitted = withoutSurplus(read.cells, columns);
        const problem =
          read.problem ?? (fitted.length === columns ? undefined : wrongCount(fitted.length, columns));
        row += 1;
        rows.push({
          row,
          line,
          cells: fitted,
          ...(problem && { problem }),
          ...(more?.strayQuote && { strayQuote: true }),
        });
      }
      advance(end);
    };

    if (skippingLine) {
      const found = block.indexOf(lineEnd);
      if (found < 0) return { rows, end: block.length };
      advance(found + 1);
      skippingLine = false;
    }
    const end = last ? block.length : block.lastIndexOf(lineEnd) + 1;
    while (position < end) {
      const failure = parseStrictly(block.subarray(position, end), position);
      if (failure === 'done') break;
      if (failure === 'unclosed' && !last && block.length - position < MAX_ROW_BYTES)
        return { rows, end: position };
      const mended = mendRow({ block, start: position, end, last, dialect, columns });
      if (!mended) return { rows, end: position };
      emit(mended.cells, mended.end, mended);
    }
    if (!last && block.length - position >= MAX_ROW_BYTES) {
      row += 1;
      rows.push({ row, line, cells: [], problem: tooLong });
      skippingLine = true;
      return { rows, end: block.length };
    }
    return { rows, end: position };

    function parseStrictly(text: Buffer, from: number): 'done' | 'unclosed' | 'broken' {
      try {
        parseRows(text, dialect, (cells, bytes) => {
          const to = from + bytes;
          if (strayQuoteInside({ block, start: position, end: to, dialect, columns, cells }))
            throw new StrayQuote();
          emit(cells, to);
        });
        // What is left are empty lines.
        advance(from + text.length);
        return 'done';
      } catch (error) {
        return (error as { code?: string }).code === 'CSV_QUOTE_NOT_CLOSED' ? 'unclosed' : 'broken';
      }
    }
  };
}

class StrayQuote extends Error {}

/** Empty cells beyond the last column say nothing: some programs end each row with a delimiter. */
function withoutSurplus(cells: string[], columns: number): string[] {
  let length = cells.length;
  while (length > columns && cells[length - 1]!.trim() === '') length -= 1;
  return length === cells.length ? cells : cells.slice(0, length);
}

const windows1252 = new TextDecoder('windows-1252');

/** A row with bytes that are not UTF-8, its cells read as the encoding that such rows most often have. */
function misencoded(bytes: Buffer, dialect: Dialect): { cells: string[]; problem: RowProblem } {
  let cells: string[] = [];
  const text = windows1252.decode(bytes);
  try {
    parseRows(Buffer.from(text), dialect, (read) => (cells = read), 'relaxed');
  } catch {
    cells = text.split(dialect.delimiter);
  }
  const problem = {
    column: null,
    value: null,
    rule: 'encoding',
    message: 'The row is not UTF-8 text.',
    fix: 'Save the file as "CSV UTF-8". The file of rejected rows holds this one read as Windows-1252: when its letters look right, import that file.',
  };
  return { cells, problem };
}

const wrongCount = (found: number, expected: number): RowProblem => ({
  column: null,
  value: null,
  rule: 'columns',
  message: `The row has ${found} cells, the header has ${expected}.`,
  fix:
    found > expected
      ? 'Put quotation marks around a cell that holds the delimiter.'
      : 'Add the cells that are missing; the row may have been cut off.',
});

const tooLong: RowProblem = {
  column: null,
  value: null,
  rule: 'too_long',
  message: `The line is longer than ${MAX_ROW_BYTES / 1024 / 1024} MiB.`,
  fix: 'Check the file at this line: it is probably not one row.',
};
