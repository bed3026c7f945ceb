import { CliError } from '../../exit.ts';
import { readText } from './bytes.ts';
import { readCsv } from './csv.ts';
import type { Input } from './input.ts';
import { readJsonl } from './jsonl.ts';
import type { Source, SourceRecord } from './record.ts';

/** To be disposed of: that closes the file, also when its rows were not wanted after all. */
export interface OpenSource extends Source, AsyncDisposable {
  /** The rows, in pieces. May be read once. */
  rows: AsyncGenerator<SourceRecord[]>;
}

/** Begins to read a file: what it is and which columns it has is known, its rows are still to come. */
export async function openSource(
  input: Input,
  options: { signal: AbortSignal; onRead?: (bytes: number) => void },
): Promise<OpenSource> {
  const chunks = readText(input, options);
  const first = await chunks.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  const all = (async function* () {
    yield head;
    yield* chunks;
  })();
  const close = async () => void (await chunks.return(undefined));
  try {
    const source = await (isJson(head, input.label)
      ? openJsonl(all, input.label)
      : openCsv(all, input.label));
    return { ...source, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function isJson(head: Buffer, label: string): boolean {
  const start = head.subarray(0, 256).toString('latin1').trimStart()[0];
  const namedJsonl = /\.(jsonl|ndjson)(\.gz)?$/i.test(label);
  if (start === '[' && !namedJsonl)
    throw new CliError(`${label} is one JSON array; the import reads one object a line (JSONL).`, {
      next: `Convert it: jq -c '.[]' ${label} > NEW.jsonl`,
    });
  return namedJsonl || start === '{' || /\.json(\.gz)?$/i.test(label);
}

async function openCsv(
  chunks: AsyncGenerator<Buffer>,
  label: string,
): Promise<Omit<OpenSource, keyof AsyncDisposable>> {
  const parts = readCsv(chunks, label);
  const first = await parts.next();
  // The reader answers with the header first, or fails.
  const columns = !first.done && 'header' in first.value ? first.value.header : [];
  const rows = (async function* () {
    for await (const part of parts) if ('rows' in part) yield part.rows;
  })();
  return { kind: 'csv', columns, rows };
}

async function openJsonl(
  chunks: AsyncGenerator<Buffer>,
  label: string,
): Promise<Omit<OpenSource, keyof AsyncDisposable>> {
  const parts = readJsonl(chunks, label);
  const seen: SourceRecord[][] = [];
  let columns: string[] = [];
  // The keys of the first object stand for the header, so that the format can be told.
  while (columns.length === 0) {
    const part = await parts.next();
    if (part.done) break;
    seen.push(part.value);
    columns = Object.keys(part.value.find(({ json }) => json)?.json ?? {});
    if (seen.length > 16) break;
  }
  const rows = (async function* () {
    yield* seen;
    yield* parts;
  })();
  return { kind: 'jsonl', columns, rows };
}
