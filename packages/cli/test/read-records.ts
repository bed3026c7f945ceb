import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readCsv } from '../src/import/source/csv.ts';
import { openInput } from '../src/import/source/input.ts';
import { openSource } from '../src/import/source/open.ts';
import type { SourceRecord } from '../src/import/source/record.ts';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'sojourn-import-'));

/** Reads CSV text that arrives in pieces of `size` bytes. */
export async function readCsvText(
  text: string | Buffer,
  size = Number.POSITIVE_INFINITY,
): Promise<{ header: string[]; rows: SourceRecord[] }> {
  const bytes = Buffer.from(text as string);
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length))
      yield bytes.subarray(at, at + size);
  };
  let header: string[] = [];
  const rows: SourceRecord[] = [];
  for await (const part of readCsv(chunks(), 'test.csv')) {
    if ('header' in part) header = part.header;
    else rows.push(...part.rows);
  }
  return { header, rows };
}

/** Reads a file as an import does. */
export async function readFileRecords(
  file: string,
  stdin: Readable = Readable.from([]),
): Promise<{ kind: string; columns: readonly string[]; records: SourceRecord[]; label: string }> {
  const signal = new AbortController().signal;
  await using input = await openInput({ file, stdin, stateDir: temporaryFolder(), signal });
  const source = await openSource(input, { signal });
  const records: SourceRecord[] = [];
  for await (const part of source.rows) records.push(...part);
  return { kind: source.kind, columns: source.columns, records, label: input.label };
}

/** A file of its own with this content. */
export function fileWith(content: string | Buffer, name = 'units.csv'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}
