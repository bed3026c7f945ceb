import { SojournError } from './sojourn-error.ts';

/** A line beyond this is no record of ours; reading on would only fill memory. Bytes. */
const MAX_LINE = 16 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** The lines of a stream of bytes, wherever its chunks end. Empty lines are left out. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  // Bytes are kept as bytes until the line is whole: a character may lie across two chunks.
  let parts: Buffer[] = [];
  let length = 0;
  const takeLine = (end: Buffer): string => {
    const line = parts.length === 0 ? end.toString() : Buffer.concat([...parts, end]).toString();
    parts = [];
    length = 0;
    return line.trim();
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const line = takeLine(chunk.subarray(start, end));
      if (line) yield line;
      start = end + 1;
    }
    if (start < chunk.length) {
      parts.push(chunk.subarray(start));
      length += chunk.length - start;
      if (length > MAX_LINE) throw new SojournError(`The stream has a line of more than ${MAX_LINE} bytes.`);
    }
  }
  const last = takeLine(Buffer.alloc(0));
  if (last) yield last;
}

/** The values of a stream of JSON lines. */
export async function* parseLines<T>(chunks: AsyncIterable<Buffer>): AsyncGenerator<T, void, undefined> {
  let number = 0;
  for await (const line of linesOf(chunks)) {
    number += 1;
    let value: T;
    try {
      value = JSON.parse(line) as T;
    } catch (cause) {
      throw new SojournError(`Record ${number} of the stream is not JSON.`, { cause });
    }
    yield value;
  }
}
