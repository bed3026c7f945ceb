import { detectFormat } from './formats/detect.ts';
import { type InputSource, openInput } from './source/input.ts';
import { openSource } from './source/open.ts';
import { cellReader, type Source, type SourceRecord } from './source/record.ts';

const ROWS = 1_000;
const SAMPLES = 20;
const WORDS = 30;

/** What can be said about a file before it is imported. */
export interface Inspected {
  /** Undefined when the columns show no known format. */
  format: 'sojourn' | 'inside-airbnb' | undefined;
  columns: readonly string[];
  /** The first few values of a column that are not empty. */
  samples(column: string): string[];
  /** The different values of a column, in the first rows; undefined when they are too many to be words. */
  words(column: string): string[] | undefined;
}

/** Looks at the head of a file. */
export async function inspectFile(from: InputSource): Promise<Inspected> {
  await using input = await openInput(from);
  await using source = await openSource(input, from);
  const records: SourceRecord[] = [];
  for await (const part of source.rows) {
    records.push(...part.filter(({ problem }) => !problem));
    if (records.length >= ROWS) break;
  }
  return lookInto(source, records.slice(0, ROWS));
}

function lookInto(source: Source, records: readonly SourceRecord[]): Inspected {
  const cells = cellReader(source, false);
  const values = (column: string) =>
    new Set(records.map((record) => cells(record, column).trim()).filter(Boolean));
  return {
    format: detectFormat(source),
    columns: source.columns,
    samples: (column) => [...values(column)].slice(0, SAMPLES),
    words(column) {
      const all = [...values(column)];
      return all.length > WORDS ? undefined : all;
    },
  };
}
