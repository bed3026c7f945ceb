import { isUtf8 } from 'node:buffer';
import { CliError } from '../../exit.ts';
import type { RowProblem } from '../model.ts';
import { ERROR_COLUMN, type JsonObject, type SourceRecord } from './record.ts';

/** A line longer than this is not one listing. */
const MAX_LINE_BYTES = 1024 * 1024;
const LF = 0x0a;

/** The key under which a file of rejected rows keeps a line that is no JSON object. */
export const LINE_KEY = 'sojourn_line';

/**
 * Reads one JSON object a line. A line that is none is a row with a problem, and the lines after it are read as if
 * nothing had happened.
 */
export async function* readJsonl(
  chunks: AsyncIterable<Buffer>,
  label: string,
): AsyncGenerator<SourceRecord[]> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  let row = 0;
  let skipping = false;

  const read = (bytes: Buffer): SourceRecord | undefined => {
    line += 1;
    if (skipping) {
      skipping = false;
      return undefined;
    }
    const text = bytes.toString().trim();
    if (text === '') return undefined;
    row += 1;
    if (!isUtf8(bytes)) return { row, line, text, problem: notUtf8 };
    return { row, line, ...readLine(text, row, label) };
  };

  for await (const chunk of chunks) {
    const block = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const rows: SourceRecord[] = [];
    let start = 0;
    for (let end = block.indexOf(LF); end >= 0; end = block.indexOf(LF, start)) {
      const record = read(block.subarray(start, end));
      if (record) rows.push(record);
      start = end + 1;
    }
    rest = block.subarray(start);
    if (rest.length > MAX_LINE_BYTES) {
      if (!skipping) {
        row += 1;
        rows.push({ row, line: line + 1, text: '', problem: tooLong });
      }
      skipping = true;
      rest = rest.subarray(rest.length);
    }
    if (rows.length > 0) yield rows;
  }
  const record = read(rest);
  if (record) yield [record];
}

function readLine(text: string, row: number, label: string): Pick<SourceRecord, 'json' | 'text' | 'problem'> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    // A document spread over lines has no rows at all: better one clear word than a complaint about each line.
    if (row === 1 && /^[[{]+$/.test(text)) throw severalLines(label);
    return { text, problem: notJson };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { text, problem: notAnObject };
  // A line that an earlier import could not read, kept in its file of rejected rows: read it as it stands now.
  if (Object.hasOwn(value, LINE_KEY) && Object.hasOwn(value, ERROR_COLUMN)) {
    const kept = (value as JsonObject)[LINE_KEY];
    if (typeof kept === 'string') return readLine(kept, row + 1, label);
  }
  return { json: value as JsonObject, text };
}

const LONG_NUMBER = /\d{16}/;

/**
 * JSON whose whole numbers survive to the digit: those beyond 2^53 come as the text that stands in the file.
 */
export function parseJson(text: string): unknown {
  // The slow way only where a number may need it.
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

// The third argument is newer than TypeScript's own declaration of JSON.parse.
const keepDigits = (_key: string, value: unknown, { source }: { source?: string } = {}) =>
  typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
    ? source
    : value;

const severalLines = (label: string) =>
  new CliError(
    `${label} is one JSON document over several lines; the import reads one object a line (JSONL).`,
    {
      next: `Convert it: jq -c 'if type == "array" then .[] else . end' FILE > NEW.jsonl`,
    },
  );

const wholeRow = { column: null, value: null };

const notJson: RowProblem = {
  ...wholeRow,
  rule: 'not_json',
  message: 'The line is not valid JSON.',
  fix: 'Write one complete JSON object on the line.',
};

const notAnObject: RowProblem = {
  ...wholeRow,
  rule: 'not_an_object',
  message: 'The line is JSON, but not an object.',
  fix: 'Write the listing as one object: {"externalId": "…", "title": "…", …}.',
};

const notUtf8: RowProblem = {
  ...wholeRow,
  rule: 'encoding',
  message: 'The line is not UTF-8 text.',
  fix: 'Save the file as UTF-8.',
};

const tooLong: RowProblem = {
  ...wholeRow,
  rule: 'too_long',
  message: `The line is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB.`,
  fix: 'Check the file at this line: it is probably not one listing.',
};
