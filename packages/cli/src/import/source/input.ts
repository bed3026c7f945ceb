import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliError, usageError } from '../../exit.ts';

/** A file that can be read as often as needed, whatever it came from. */
export interface Input extends AsyncDisposable {
  /** For people: the name of the file, or `stdin`. */
  label: string;
  /** What reports are named after: `units` for `units.csv.gz`. */
  name: string;
  path: string;
  size: number;
  /** SHA-256 of the bytes: two runs belong together when they read the same content, wherever it lies. */
  hash: string;
}

/** What an input is read by: the path, or the stream that `-` stands for. */
export interface InputSource {
  file: string;
  stdin: Readable;
  stateDir: string;
  signal: AbortSignal;
}

/** The prefix of files that hold what came through a pipe, so that old ones can be found and removed. */
export const SPOOL_PREFIX = 'piped-';

/**
 * A regular file is read in place. What comes through a pipe is first kept in the state folder, because an import
 * reads its rows twice: once to check all of them, once to send.
 */
export async function openInput(source: InputSource): Promise<Input> {
  const { file, stateDir, signal } = source;
  const piped = file === '-' || !(await isRegularFile(file));
  const label = file === '-' ? 'stdin' : basename(file);
  const name = label.replace(/\.gz$/i, '').replace(/\.(csv|tsv|txt|jsonl|ndjson|json)$/i, '') || 'import';
  const hash = createHash('sha256');
  let size = 0;
  const measure = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
  };
  if (!piped) {
    for await (const _ of measure(createReadStream(file, { signal, highWaterMark: 1 << 20 })));
    return { label, name, path: file, size, hash: hash.digest('hex'), [Symbol.asyncDispose]: async () => {} };
  }
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const path = join(stateDir, `${SPOOL_PREFIX}${randomUUID()}`);
  const remove = () => rm(path, { force: true });
  try {
    const stream = file === '-' ? source.stdin : createReadStream(file);
    await pipeline(stream, measure, createWriteStream(path, { mode: 0o600 }), { signal });
  } catch (error) {
    await remove();
    throw error;
  }
  return { label, name, path, size, hash: hash.digest('hex'), [Symbol.asyncDispose]: remove };
}

async function isRegularFile(file: string): Promise<boolean> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(file, error);
  });
  if (found.isDirectory()) throw usageError(`${file} is a folder.`, 'Name the file itself.');
  return found.isFile();
}

function cannotRead(file: string, error: NodeJS.ErrnoException) {
  if (error.code === 'ENOENT')
    return usageError(`There is no file ${file}.`, 'Check the name and the folder you are in.');
  return new CliError(`${file} cannot be read: ${error.code ?? error.message}.`, { cause: error });
}
