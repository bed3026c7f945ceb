import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CliError } from '../../exit.ts';
import type { Input } from './input.ts';

const CHUNK = 64 * 1024;
const GZIP = [0x1f, 0x8b];
/** First bytes of files that people mistake for text. */
const NOT_TEXT: readonly [bytes: readonly number[], name: string, fix: string][] = [
  [
    [0x50, 0x4b, 0x03, 0x04],
    'an Excel workbook or a ZIP archive',
    'Save the sheet as "CSV UTF-8", or unpack the archive.',
  ],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook (.xls)', 'Save the sheet as "CSV UTF-8".'],
  [
    [0x28, 0xb5, 0x2f, 0xfd],
    'compressed with zstd',
    'Unpack it first: zstd -d FILE. Only gzip is read as it is.',
  ],
  [
    [0xfd, 0x37, 0x7a, 0x58],
    'compressed with xz',
    'Unpack it first: xz -d FILE. Only gzip is read as it is.',
  ],
  [
    [0x42, 0x5a, 0x68],
    'compressed with bzip2',
    'Unpack it first: bzip2 -d FILE. Only gzip is read as it is.',
  ],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF', 'Export the listings as CSV.'],
];

/**
 * The text of the file as UTF-8 without a byte order mark, in pieces of bounded size. Gzip is known by its first
 * bytes, not by the name; UTF-16 (what some spreadsheets call "Unicode text") is known by its byte order mark.
 *
 * @param onRead called with the number of bytes of the file read so far.
 */
export async function* readText(
  input: Input,
  { signal, onRead }: { signal: AbortSignal; onRead?: (bytes: number) => void },
): AsyncGenerator<Buffer> {
  const zipped = startsWith(await firstBytes(input.path), GZIP);
  const file = createReadStream(input.path, { signal, highWaterMark: CHUNK });
  // `pipeline` hands errors of the file on to the reader of the unpacked stream.
  const stream = zipped ? pipeline(file, createGunzip({ chunkSize: CHUNK }), () => {}) : file;
  try {
    for await (const text of decode(stream, input.label)) {
      onRead?.(file.bytesRead);
      yield text;
    }
  } catch (error) {
    throw isZlibError(error) ? damaged(input.label, error) : error;
  } finally {
    file.destroy();
  }
}

async function* decode(chunks: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer> {
  let utf16: InstanceType<typeof TextDecoder> | undefined;
  let first = true;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (first) {
      first = false;
      if (startsWith(bytes, [0xff, 0xfe])) utf16 = new TextDecoder('utf-16le');
      else if (startsWith(bytes, [0xfe, 0xff])) utf16 = new TextDecoder('utf-16be');
      else if (startsWith(bytes, [0xef, 0xbb, 0xbf])) bytes = bytes.subarray(3);
      else refuseWhatIsNoText(bytes, label);
    }
    yield utf16 ? Buffer.from(utf16.decode(bytes, { stream: true })) : bytes;
  }
  if (utf16) yield Buffer.from(utf16.decode());
}

function refuseWhatIsNoText(bytes: Buffer, label: string): void {
  for (const [magic, name, fix] of NOT_TEXT)
    if (startsWith(bytes, magic)) throw new CliError(`${label} is ${name}, not a text file.`, { next: fix });
  // Text has no NUL; every second byte being one is UTF-16 without its mark.
  const head = bytes.subarray(0, 64);
  const nuls = head.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  if (head.length >= 4 && nuls * 3 >= head.length)
    throw new CliError(`${label} is not UTF-8 text; it looks like UTF-16 without a byte order mark.`, {
      next: 'Save it as UTF-8, or convert it: iconv -f UTF-16LE -t UTF-8 FILE > NEW.csv',
    });
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const startsWith = (bytes: Buffer, magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);

const isZlibError = (error: unknown): error is Error =>
  error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_');

const damaged = (label: string, cause: Error) =>
  new CliError(`${label} is damaged: its gzip data ends early or has errors (${cause.message}).`, {
    next: 'Fetch the file again. Nothing of it was sent.',
    cause,
  });
